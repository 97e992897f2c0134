// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Settlement } from "../src/libraries/Settlement.sol";
import { Ledger } from "../src/types/Ledger.sol";
import { Pyre } from "../src/types/Pyre.sol";
import { Party } from "../src/types/Channel.sol";
import { Phase, Status, StatusLibrary } from "../src/types/Status.sol";
import { bound, vm } from "./kit/Test.sol";

contract SettlementTest {
    function testFuzz_what_goes_out_is_what_came_in(
        uint32 rounds,
        uint96 reward,
        uint96 userBurn,
        uint96 suggesterBurn,
        uint32 rewarded,
        uint32 burned
    ) public pure {
        reward = uint96(bound(reward, 0, userBurn));
        rewarded = uint32(bound(rewarded, 0, rounds));
        burned = uint32(bound(burned, 0, rounds - rewarded));
        Settlement.Split memory s =
            Settlement.split(rounds, reward, userBurn, suggesterBurn, rewarded, burned);
        uint256 user = uint256(rounds) * userBurn;
        uint256 suggester = uint256(rounds) * suggesterBurn;
        vm.assertEq(s.user + s.escrow + s.burned, user + suggester, "conservation");
        vm.assertLe(s.user, user, "the user gains nothing");
        vm.assertLe(s.escrow, user + suggester, "no more than there was");
        vm.assertEq(s.fee, uint256(rewarded) * reward / 100, "1 %");
        vm.assertEq(s.slashed, uint256(burned) * suggesterBurn, "slashed");
        vm.assertEq(s.burned, s.fee + s.slashed + uint256(burned) * userBurn, "burned");
    }

    function test_vectors_worked_out_by_hand() public pure {
        Settlement.Split memory s = Settlement.split(10, 1000, 1000, 2000, 7, 2);
        vm.assertEq(s.user, 1000, "user");
        vm.assertEq(s.escrow, 22_930, "escrow");
        vm.assertEq(s.burned, 6070, "burned");
        s = Settlement.split(10, 99, 99, 1, 1, 0);
        vm.assertEq(s.fee, 0, "the fee rounds down");
        vm.assertEq(s.user, 891, "user");
        s = Settlement.split(10, 3333, 4000, 10_000, 7, 1);
        vm.assertEq(s.user, 12_669, "user");
        vm.assertEq(s.escrow, 113_098, "escrow");
        vm.assertEq(s.burned, 14_233, "burned");
    }

    function testFuzz_a_ledger_keeps_its_three_numbers_apart(
        uint96 escrow,
        uint80 up,
        uint80 down,
        uint96 more
    ) public pure {
        more = uint96(bound(more, 0, type(uint96).max - escrow));
        Ledger ledger = Ledger.wrap(0).credit(escrow).settle(more, up, down);
        vm.assertEq(ledger.escrow(), uint256(escrow) + more, "escrow");
        vm.assertEq(ledger.positive(), up, "positive");
        vm.assertEq(ledger.negative(), down, "negative");
        Ledger less = ledger.debit(escrow);
        vm.assertEq(less.escrow(), more, "escrow after a debit");
        vm.assertEq(less.positive(), up, "positive after a debit");
        vm.assertEq(less.negative(), down, "negative after a debit");
    }

    function testFuzz_scores_only_grow_and_stop_at_the_top(uint80 up, uint80 down, uint128 more) public pure {
        Ledger before = Ledger.wrap(0).settle(0, up, down);
        Ledger later = before.settle(0, more, more);
        uint256 top = type(uint80).max;
        uint256 sum = uint256(up) + more;
        vm.assertEq(later.positive(), sum > top ? top : sum, "positive");
        sum = uint256(down) + more;
        vm.assertEq(later.negative(), sum > top ? top : sum, "negative");
        vm.assertEq(later.escrow(), 0, "escrow untouched");
    }

    function testFuzz_a_status_keeps_its_fields_apart(
        uint40 deadline,
        uint32 rewarded,
        uint32 burned,
        uint32 laterRewarded,
        uint32 laterBurned,
        bool byUser,
        bool faulty
    ) public pure {
        burned = uint32(bound(burned, 0, type(uint32).max - rewarded));
        Party by = byUser ? Party.User : Party.Suggester;
        Status status = StatusLibrary.closing(by, deadline, rewarded, burned);
        _check(status, by, deadline, rewarded, burned, false);
        vm.assertEq(status.claimed(), uint256(rewarded) + burned, "claimed");
        Status later = status.corrected(laterRewarded, laterBurned, faulty);
        _check(later, by, deadline, laterRewarded, laterBurned, faulty);
        vm.assertEq(later.claimed(), uint256(rewarded) + burned, "claimed stays");
    }

    function _check(Status status, Party by, uint256 deadline, uint256 rewarded, uint256 burned, bool faulty)
        private
        pure
    {
        vm.assertTrue(status.phase() == Phase.Closing && status.isIn(Phase.Closing), "phase");
        vm.assertTrue(status.closer() == by && status.byUser() == (by == Party.User), "closer");
        vm.assertEq(status.deadline(), deadline, "deadline");
        vm.assertEq(status.rewarded(), rewarded, "rewarded");
        vm.assertEq(status.burned(), burned, "burned");
        vm.assertEq(status.faulty(), faulty, "faulty");
    }

    function testFuzz_the_pyre_counts_everything_and_holds_what_is_not_flushed(uint96 first, uint96 second)
        public
        pure
    {
        Pyre pyre = Pyre.wrap(0).add(first).flushed().add(second);
        vm.assertEq(pyre.total(), uint256(first) + second, "total");
        vm.assertEq(pyre.held(), second, "held");
    }
}
