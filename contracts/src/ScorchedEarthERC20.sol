// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ScorchedEarth } from "./ScorchedEarth.sol";
import { IERC20 } from "./interfaces/IERC20.sol";
import { SafeToken } from "./libraries/SafeToken.sol";

/// @title Scorched earth channels in one ERC-20 token
/// @notice A token that keeps a fee on the way in is refused. One that shrinks balances is refused as soon as it
/// has, and what is left is shared out in proportion, so that it does not matter who leaves first.
contract ScorchedEarthERC20 is ScorchedEarth {
    using SafeToken for IERC20;

    /// @dev The contract has lost tokens it holds for others; it takes no new ones.
    error TokenShrunk();
    /// @dev More than the packed amounts can hold.
    error TooMuch();

    /// @dev A proxied stablecoin transfer costs about 60,000.
    uint256 private constant PUSH_GAS = 200_000;

    IERC20 public immutable token;

    /// @notice What this contract holds for others, by its own books: tokens sent here uninvited do not count.
    uint256 public held;

    constructor(IERC20 token_) {
        token = token_;
    }

    /// @notice Spends the sender's ERC-2612 permit; meant as the first call of a `multicall`. A permit that was
    /// spent by somebody else has done its work, so a refusal here is left to the transfer that follows.
    function permit(uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try token.permit(msg.sender, address(this), value, deadline, v, r, s) { } catch { }
    }

    function _requireWhole() internal view override {
        if (token.balanceOf(address(this)) < held) revert TokenShrunk();
    }

    function _take(uint256 amount) internal override {
        if (msg.value != 0) revert WrongValue();
        if (amount == 0) return;
        uint256 before = token.balanceOf(address(this));
        if (amount > type(uint96).max - held) revert TooMuch();
        if (!token.tryTransferFrom(msg.sender, address(this), amount)) revert TransferFailed();
        if (token.balanceOf(address(this)) != before + amount) revert WrongValue();
        held += amount;
    }

    function _tryGive(address to, uint256 amount, uint256 gasLimit) internal override returns (bool) {
        uint256 books = held;
        uint256 balance = token.balanceOf(address(this));
        held = books - amount;
        uint256 share = balance < books ? amount * balance / books : amount;
        if (token.tryTransfer(to, share, gasLimit)) return true;
        held += amount;
        return false;
    }

    function _pushGas() internal pure override returns (uint256) {
        return PUSH_GAS;
    }
}
