// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Settlement } from "../src/libraries/Settlement.sol";

/// @notice What the model checker of solc proves for every input, not for samples of it. The library's unchecked
/// blocks are checked ones in the proof, so that each operation in them is proved not to overflow or underflow.
contract SettlementProof {
    /// @param rounds and the rest: any channel that can be opened, any tally within it, any bond it allows.
    function split(
        uint32 rounds,
        uint96 reward,
        uint96 userBurn,
        uint96 suggesterBurn,
        uint32 rewarded,
        uint32 burned
    ) external pure {
        require(reward <= userBurn);
        require(uint256(rewarded) + burned <= rounds);

        Settlement.Split memory out =
            Settlement.split(rounds, reward, userBurn, suggesterBurn, rewarded, burned);

        uint256 userDeposit = uint256(rounds) * userBurn;
        uint256 suggesterDeposit = uint256(rounds) * suggesterBurn;
        // Conservation: what goes out is exactly what came in.
        assert(out.user + out.escrow + out.burned == userDeposit + suggesterDeposit);
        // Nobody takes out what is not there.
        assert(out.user <= userDeposit);
        assert(out.escrow <= suggesterDeposit + userDeposit);
        // Every burned coin has its reason.
        assert(out.burned == out.fee + out.slashed + uint256(burned) * userBurn);
        assert(out.fee <= uint256(rewarded) * reward);
    }
}
