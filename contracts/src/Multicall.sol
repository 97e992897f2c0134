// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Several calls in one transaction, all or nothing. It takes no value on purpose: every delegated call
/// would see, and could spend, the same coins again.
abstract contract Multicall {
    function multicall(bytes[] calldata calls) external returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            (bool success, bytes memory result) = address(this).delegatecall(calls[i]);
            if (!success) {
                assembly ("memory-safe") {
                    revert(add(result, 0x20), mload(result))
                }
            }
            results[i] = result;
        }
    }
}
