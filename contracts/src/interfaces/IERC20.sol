// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The part of ERC-20 and ERC-2612 that is called. The two transfers may return nothing (see SafeToken).
interface IERC20 {
    function balanceOf(address owner) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
}
