// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Party, Tally } from "./Channel.sol";

enum Phase {
    None,
    Requested,
    Open,
    Closing,
    Closed,
    Cancelled
}

/// @notice One channel in one slot, lowest bits first:
/// phase 8 | closer 8 | faulty 8 | deadline 40 | rewarded 32 | burned 32 | claimed 32.
/// `claimed` is the round the closer claimed; rewarded and burned follow a challenge, `claimed` does not.
type Status is uint256;

using StatusLibrary for Status global;

library StatusLibrary {
    /// @dev A status without a claim: requested, open or cancelled.
    function bare(Phase newPhase) internal pure returns (Status) {
        return Status.wrap(uint256(newPhase));
    }

    function closing(Party by, uint256 until, uint256 rewards, uint256 burns) internal pure returns (Status) {
        return Status.wrap(
            uint256(Phase.Closing) | (uint256(by) << 8) | (until << 24) | (rewards << 64) | (burns << 96)
                | ((rewards + burns) << 128)
        );
    }

    /// @dev The same claim, corrected by somebody who is not the counterparty: deadline and `claimed` stay.
    function corrected(Status self, uint256 rewards, uint256 burns, bool fault)
        internal
        pure
        returns (Status)
    {
        uint256 kept =
            Status.unwrap(self) & ~(uint256(type(uint64).max) << 64 | uint256(0xff) << 16);
        return Status.wrap(kept | (fault ? uint256(1) << 16 : 0) | (rewards << 64) | (burns << 96));
    }

    function closed(uint256 rewards, uint256 burns) internal pure returns (Status) {
        return Status.wrap(uint256(Phase.Closed) | (rewards << 64) | (burns << 96));
    }

    function isIn(Status self, Phase wanted) internal pure returns (bool) {
        return uint8(Status.unwrap(self)) == uint8(wanted);
    }

    function phase(Status self) internal pure returns (Phase) {
        return Phase(uint8(Status.unwrap(self)));
    }

    function closer(Status self) internal pure returns (Party) {
        return Party(uint8(Status.unwrap(self) >> 8));
    }

    function byUser(Status self) internal pure returns (bool) {
        return uint8(Status.unwrap(self) >> 8) == uint8(Party.User);
    }

    function faulty(Status self) internal pure returns (bool) {
        return uint8(Status.unwrap(self) >> 16) != 0;
    }

    function deadline(Status self) internal pure returns (uint256) {
        return uint40(Status.unwrap(self) >> 24);
    }

    function rewarded(Status self) internal pure returns (uint256) {
        return uint32(Status.unwrap(self) >> 64);
    }

    function burned(Status self) internal pure returns (uint256) {
        return uint32(Status.unwrap(self) >> 96);
    }

    function claimed(Status self) internal pure returns (uint256) {
        return uint32(Status.unwrap(self) >> 128);
    }

    function tally(Status self) internal pure returns (Tally memory) {
        return Tally(uint32(self.rewarded()), uint32(self.burned()));
    }
}
