// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What two parties agreed on when they opened. It is never stored: every call brings it along and
/// its EIP-712 struct hash is the channel's id, so a changed word is a channel nobody ever opened.
struct Channel {
    /// Funds the channel and is paid when it closes; may always act by sending a transaction.
    address user;
    /// Signs rounds for the user: a session key of the tab, or `user` itself.
    address userKey;
    /// Its escrow backs the channel and collects.
    address suggester;
    /// Signs rounds for the suggester: the key it advertised when the channel opened.
    address suggesterKey;
    /// What a rewarded suggestion pays the suggester.
    uint96 reward;
    /// What a burned suggestion burns of the user's money; at least `reward`.
    uint96 userBurn;
    /// What a burned suggestion burns of the suggester's money.
    uint96 suggesterBurn;
    /// Stake of whoever starts a contested close; at most the user's deposit.
    uint96 bond;
    /// How many suggestions the deposits cover.
    uint32 rounds;
    /// Seconds the other side has to challenge a contested close.
    uint32 window;
    /// Makes channels of equal terms differ.
    uint64 salt;
}

/// @notice The whole state of a channel. `rewarded + burned` is the number of the round.
struct Tally {
    uint32 rewarded;
    uint32 burned;
}

/// @notice Compact secp256k1 signature (EIP-2098): `vs` is `s` with the parity of `y` in its top bit.
struct Signature {
    bytes32 r;
    bytes32 vs;
}

/// @notice The two sides of a channel.
enum Party {
    User,
    Suggester
}
