// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "../interfaces/IERC20.sol";

/// @notice Transfers of tokens that revert, return false, or return nothing. Success is: the call did not revert,
/// there is code, and what came back is nothing or the word 1. At most one word of return data is looked at.
library SafeToken {
    function tryTransfer(IERC20 token, address to, uint256 amount, uint256 gasLimit) internal returns (bool) {
        return _call(token, abi.encodeCall(IERC20.transfer, (to, amount)), gasLimit);
    }

    function tryTransferFrom(IERC20 token, address from, address to, uint256 amount) internal returns (bool) {
        return _call(token, abi.encodeCall(IERC20.transferFrom, (from, to, amount)), gasleft());
    }

    function _call(IERC20 token, bytes memory data, uint256 gasLimit) private returns (bool success) {
        assembly ("memory-safe") {
            mstore(0x00, 0)
            success := call(gasLimit, token, 0, add(data, 0x20), mload(data), 0x00, 0x20)
            let silent := and(iszero(returndatasize()), gt(extcodesize(token), 0))
            success := and(success, or(silent, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))))
        }
    }
}
