// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Channel } from "../types/Channel.sol";

/// @notice EIP-712 struct hashes. A wallet shows the whole channel; the chain hashes one word for it, since the
/// struct hash of `Channel` is the id.
library TypedData {
    bytes32 internal constant CHANNEL_TYPEHASH = keccak256(
        "Channel(address user,address userKey,address suggester,address suggesterKey,uint96 reward,uint96 userBurn,uint96 suggesterBurn,uint96 bond,uint32 rounds,uint32 window,uint64 salt)"
    );
    bytes32 internal constant APPROVAL_TYPEHASH = keccak256(
        "Approval(Channel channel,uint40 expiry)Channel(address user,address userKey,address suggester,address suggesterKey,uint96 reward,uint96 userBurn,uint96 suggesterBurn,uint96 bond,uint32 rounds,uint32 window,uint64 salt)"
    );
    bytes32 internal constant ROUND_TYPEHASH = keccak256(
        "Round(Channel channel,uint32 rewarded,uint32 burned)Channel(address user,address userKey,address suggester,address suggesterKey,uint96 reward,uint96 userBurn,uint96 suggesterBurn,uint96 bond,uint32 rounds,uint32 window,uint64 salt)"
    );
    bytes32 internal constant CLOSE_TYPEHASH = keccak256(
        "Close(Channel channel,uint32 rewarded,uint32 burned)Channel(address user,address userKey,address suggester,address suggesterKey,uint96 reward,uint96 userBurn,uint96 suggesterBurn,uint96 bond,uint32 rounds,uint32 window,uint64 salt)"
    );
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev Hashes the calldata as it lies there: 11 words, already in the encoding of EIP-712. A word with
    /// dirty upper bits gives an id that no typed data can have, hence one that nobody can sign for.
    function id(Channel calldata channel) internal pure returns (bytes32 hash) {
        bytes32 typehash = CHANNEL_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 0x20), channel, 0x160)
            hash := keccak256(free, 0x180)
        }
    }

    function approval(bytes32 channelId, uint256 expiry) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPROVAL_TYPEHASH, channelId, expiry));
    }

    function round(bytes32 channelId, uint256 rewarded, uint256 burned) internal pure returns (bytes32) {
        return keccak256(abi.encode(ROUND_TYPEHASH, channelId, rewarded, burned));
    }

    function close(bytes32 channelId, uint256 rewarded, uint256 burned) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSE_TYPEHASH, channelId, rewarded, burned));
    }
}
