// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../interfaces/IScorchedEarth.sol";
import { Signature } from "../types/Channel.sol";

library Signatures {
    /// @dev Half the order of secp256k1: a signature with a larger `s` is the mirror of a valid one (EIP-2).
    uint256 private constant MAX_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @dev Reverts unless `signer` signed `digest`. Nobody is the zero address, which is what a failed
    /// recovery looks like.
    function requireSigned(bytes32 digest, Signature calldata signature, address signer) internal pure {
        uint256 s = uint256(signature.vs) & uint256(type(int256).max);
        uint8 v = uint8((uint256(signature.vs) >> 255) + 27);
        address recovered = ecrecover(digest, v, signature.r, bytes32(s));
        if (s > MAX_S || recovered == address(0) || recovered != signer) {
            revert IScorchedEarth.BadSignature();
        }
    }
}
