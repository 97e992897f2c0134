// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../../src/interfaces/IScorchedEarth.sol";
import { Domain } from "../../src/Domain.sol";
import { Channel, Signature, Tally } from "../../src/types/Channel.sol";
import { vm } from "./Test.sol";

/// @dev Signs as the two tabs do. The types are spelled out again, apart from the contract's own.
library Signing {
    string private constant CHANNEL =
        "Channel(address user,address userKey,address suggester,address suggesterKey,uint96 reward,uint96 userBurn,uint96 suggesterBurn,uint96 bond,uint32 rounds,uint32 window,uint64 salt)";

    function id(Channel memory c) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(bytes(CHANNEL)), abi.encode(c)));
    }

    function approval(IScorchedEarth on, uint256 key, Channel memory c, uint256 expiry)
        internal
        view
        returns (Signature memory)
    {
        bytes32 typehash = keccak256(bytes.concat("Approval(Channel channel,uint40 expiry)", bytes(CHANNEL)));
        return raw(key, digest(on, keccak256(abi.encode(typehash, id(c), expiry))));
    }

    function round(IScorchedEarth on, uint256 key, Channel memory c, Tally memory t)
        internal
        view
        returns (Signature memory)
    {
        return raw(key, digest(on, _counts("Round", c, t)));
    }

    function close(IScorchedEarth on, uint256 key, Channel memory c, Tally memory t)
        internal
        view
        returns (Signature memory)
    {
        return raw(key, digest(on, _counts("Close", c, t)));
    }

    function digest(IScorchedEarth on, bytes32 structHash) internal view returns (bytes32) {
        return keccak256(bytes.concat(hex"1901", Domain(address(on)).domainSeparator(), structHash));
    }

    function raw(uint256 key, bytes32 hash) internal pure returns (Signature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return Signature(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function _counts(string memory name, Channel memory c, Tally memory t) private pure returns (bytes32) {
        bytes memory typed =
            bytes.concat(bytes(name), "(Channel channel,uint32 rewarded,uint32 burned)", bytes(CHANNEL));
        return keccak256(abi.encode(keccak256(typed), id(c), t.rewarded, t.burned));
    }
}
