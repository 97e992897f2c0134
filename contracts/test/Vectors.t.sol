// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Domain } from "../src/Domain.sol";
import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Settlement } from "../src/libraries/Settlement.sol";
import { Channel, Signature, Tally } from "../src/types/Channel.sol";
import { Phase } from "../src/types/Status.sol";
import { vm } from "./kit/Test.sol";

/// @dev Plays `tests/vectors/channel.json`, which the TypeScript of the app wrote: the ids, the payouts and every
/// signature in it must mean the same to the contract.
contract VectorsTest {
    string private _json;
    IScorchedEarth private _earth;
    uint256 private _count;

    function setUp() public {
        _json = vm.readFile("../tests/vectors/channel.json");
        _count = vm.parseJsonUint(_json, ".count");
        // Put where the vectors say, and deployed under another chain id, so that the domain is worked out anew.
        vm.chainId(1);
        address original = vm.deployCode("ScorchedEarthETH.sol");
        vm.chainId(vm.parseJsonUint(_json, ".domain.chainId"));
        address where = vm.parseJsonAddress(_json, ".domain.contract");
        vm.etch(where, original.code);
        _earth = IScorchedEarth(where);
    }

    function test_the_domain_is_the_same() public view {
        bytes32 expected = vm.parseJsonBytes32(_json, ".domainSeparator");
        vm.assertEq(Domain(address(_earth)).domainSeparator(), expected, "separator");
    }

    function test_ids_and_payouts_are_the_same() public view {
        for (uint256 i; i < _count; ++i) {
            (Channel memory c, Tally memory t) = _case(i);
            vm.assertEq(_earth.channelId(c), vm.parseJsonBytes32(_json, _at(i, ".id")), "id");
            Settlement.Split memory s = _earth.payout(c, t);
            vm.assertEq(s.user, _uint(i, ".split.user"), "user");
            vm.assertEq(s.escrow, _uint(i, ".split.escrow"), "escrow");
            vm.assertEq(s.fee, _uint(i, ".split.fee"), "fee");
            vm.assertEq(s.slashed, _uint(i, ".split.slashed"), "slashed");
            vm.assertEq(s.burned, _uint(i, ".split.burned"), "burned");
        }
    }

    function test_approvals_and_closes_signed_in_typescript_are_good_here() public {
        for (uint256 i; i < _count; ++i) {
            (Channel memory c, Tally memory t) = _opened(i);
            _earth.close(c, t, _signature(i, "userClose"), _signature(i, "suggesterClose"));
            vm.assertEq(uint256(_earth.channel(_earth.channelId(c)).phase), uint256(Phase.Closed), "closed");
        }
    }

    function test_rounds_signed_in_typescript_are_good_here() public {
        for (uint256 i; i < _count; ++i) {
            (Channel memory c, Tally memory t) = _opened(i);
            vm.deal(c.user, c.bond);
            vm.prank(c.user);
            _earth.startClose{ value: c.bond }(c, Tally(0, 0), Signature(0, 0));
            if (t.rewarded + t.burned == 0) continue;
            Signature memory theirs = _signature(i, "userRound");
            _earth.challenge(c, t, theirs, _signature(i, "suggesterRound"));
            vm.assertTrue(_earth.channel(_earth.channelId(c)).faulty, "both signatures count");
        }
    }

    function _opened(uint256 i) private returns (Channel memory c, Tally memory t) {
        (c, t) = _case(i);
        uint256 portion = uint256(c.rounds) * c.suggesterBurn;
        IScorchedEarth.Terms memory terms = IScorchedEarth.Terms({
            reward: 1,
            userBurn: 1,
            maxRounds: 1,
            window: 1 hours,
            suggesterBurn: 1,
            key: c.suggesterKey,
            bond: 0,
            url: ""
        });
        vm.deal(c.suggester, portion);
        vm.prank(c.suggester);
        _earth.advertise{ value: portion }(terms, portion);
        uint256 deposit = uint256(c.rounds) * c.userBurn;
        vm.deal(c.user, deposit);
        vm.prank(c.user);
        _earth.open{ value: deposit }(c, vm.parseJsonUint(_json, ".expiry"), _signature(i, "approval"));
    }

    function _case(uint256 i) private view returns (Channel memory c, Tally memory t) {
        c.user = vm.parseJsonAddress(_json, _at(i, ".channel.user"));
        c.userKey = vm.parseJsonAddress(_json, _at(i, ".channel.userKey"));
        c.suggester = vm.parseJsonAddress(_json, _at(i, ".channel.suggester"));
        c.suggesterKey = vm.parseJsonAddress(_json, _at(i, ".channel.suggesterKey"));
        c.reward = uint96(_uint(i, ".channel.reward"));
        c.userBurn = uint96(_uint(i, ".channel.userBurn"));
        c.suggesterBurn = uint96(_uint(i, ".channel.suggesterBurn"));
        c.bond = uint96(_uint(i, ".channel.bond"));
        c.rounds = uint32(_uint(i, ".channel.rounds"));
        c.window = uint32(_uint(i, ".channel.window"));
        c.salt = uint64(_uint(i, ".channel.salt"));
        t = Tally(uint32(_uint(i, ".tally.rewarded")), uint32(_uint(i, ".tally.burned")));
    }

    function _signature(uint256 i, string memory name) private view returns (Signature memory) {
        string memory path = _at(i, string.concat(".signatures.", name));
        return Signature(
            vm.parseJsonBytes32(_json, string.concat(path, ".r")),
            vm.parseJsonBytes32(_json, string.concat(path, ".vs"))
        );
    }

    function _uint(uint256 i, string memory path) private view returns (uint256) {
        return vm.parseJsonUint(_json, _at(i, path));
    }

    function _at(uint256 i, string memory path) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]", path);
    }
}
