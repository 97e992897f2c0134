// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { TypedData } from "./libraries/TypedData.sol";

/// @notice The EIP-712 domain, described as ERC-5267 asks. After a fork that changes the chain id the cached
/// separator is left behind, so that no signature counts on both sides.
abstract contract Domain {
    string private constant NAME = "Scorched Earth";
    string private constant VERSION = "1";

    uint256 private immutable CHAIN_ID = block.chainid;
    bytes32 private immutable SEPARATOR = _separator();

    function domainSeparator() public view returns (bytes32) {
        return block.chainid == CHAIN_ID ? SEPARATOR : _separator();
    }

    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (hex"0f", NAME, VERSION, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    function _digest(bytes32 structHash) internal view returns (bytes32 digest) {
        bytes32 separator = domainSeparator();
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, hex"1901")
            mstore(add(free, 0x02), separator)
            mstore(add(free, 0x22), structHash)
            digest := keccak256(free, 0x42)
        }
    }

    function _separator() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                TypedData.DOMAIN_TYPEHASH,
                keccak256(bytes(NAME)),
                keccak256(bytes(VERSION)),
                block.chainid,
                address(this)
            )
        );
    }
}
