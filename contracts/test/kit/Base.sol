// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../../src/interfaces/IScorchedEarth.sol";
import { Channel, Signature, Tally } from "../../src/types/Channel.sol";
import { Phase } from "../../src/types/Status.sol";
import { Signing } from "./Signing.sol";
import { vm } from "./Test.sol";

/// @dev A suggester with escrow, a user with money, and short words for what they do.
abstract contract Base {
    uint256 internal constant USER = 0xA1;
    uint256 internal constant USER_KEY = 0xA2;
    uint256 internal constant SUGGESTER = 0xB1;
    uint256 internal constant SUGGESTER_KEY = 0xB2;
    uint256 internal constant EXPIRY = 2_000_000_000;
    uint256 internal constant ESCROW = 100 ether;
    address internal constant STRANGER = address(0x57A);
    address internal constant DEAD = 0x000000000000000000000000000000000000dEaD;

    IScorchedEarth internal earth;
    address internal user = vm.addr(USER);
    address internal userKey = vm.addr(USER_KEY);
    address internal suggester = vm.addr(SUGGESTER);
    address internal suggesterKey = vm.addr(SUGGESTER_KEY);
    Signature internal none;
    Tally internal zero;

    function setUp() public virtual {
        earth = IScorchedEarth(vm.deployCode("ScorchedEarthETH.sol"));
        _fund();
        vm.prank(suggester);
        earth.advertise{ value: ESCROW }(_terms(), ESCROW);
    }

    function _fund() internal {
        address[5] memory people = [user, userKey, suggester, suggesterKey, STRANGER];
        for (uint256 i; i < 5; ++i) {
            vm.deal(people[i], 1000 ether);
        }
    }

    function _terms() internal view returns (IScorchedEarth.Terms memory) {
        return IScorchedEarth.Terms({
            reward: 1 ether,
            userBurn: 1.5 ether,
            maxRounds: 10,
            window: 1 days,
            suggesterBurn: 3 ether,
            key: suggesterKey,
            bond: 2 ether,
            url: "sweet:key?r=relay"
        });
    }

    function _channel() internal view returns (Channel memory) {
        return Channel({
            user: user,
            userKey: userKey,
            suggester: suggester,
            suggesterKey: suggesterKey,
            reward: 1 ether,
            userBurn: 1.5 ether,
            suggesterBurn: 3 ether,
            bond: 2 ether,
            rounds: 10,
            window: 1 days,
            salt: 7
        });
    }

    function _deposit(Channel memory c) internal pure returns (uint256) {
        return uint256(c.rounds) * c.userBurn;
    }

    function _open() internal returns (Channel memory c) {
        c = _channel();
        _open(c);
    }

    function _open(Channel memory c) internal returns (bytes32) {
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.prank(c.user);
        return earth.open{ value: _deposit(c) }(c, EXPIRY, approval);
    }

    function _request() internal returns (Channel memory c) {
        c = _channel();
        vm.prank(user);
        earth.request{ value: _deposit(c) }(c);
    }

    function _approve(Channel memory c) internal {
        Channel[] memory batch = new Channel[](1);
        batch[0] = c;
        vm.prank(suggesterKey);
        earth.approve(batch);
    }

    /// @dev A contested close by the user, with the suggester's signature.
    function _startByUser(Channel memory c, Tally memory t) internal {
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, t);
        vm.prank(c.user);
        earth.startClose{ value: c.bond }(c, t, sig);
    }

    function _startBySuggester(Channel memory c, Tally memory t) internal {
        Signature memory sig = Signing.round(earth, USER_KEY, c, t);
        vm.prank(suggester);
        earth.startClose{ value: c.bond }(c, t, sig);
    }

    /// @dev A challenge with both signatures, as a watchtower holds them.
    function _challenge(address by, Channel memory c, Tally memory t) internal {
        Signature memory first = Signing.round(earth, USER_KEY, c, t);
        Signature memory second = Signing.round(earth, SUGGESTER_KEY, c, t);
        vm.prank(by);
        earth.challenge(c, t, first, second);
    }

    function _challengeFails(bytes4 why, address by, Channel memory c, Tally memory t) internal {
        Signature memory first = Signing.round(earth, USER_KEY, c, t);
        Signature memory second = Signing.round(earth, SUGGESTER_KEY, c, t);
        vm.expectRevert(why);
        vm.prank(by);
        earth.challenge(c, t, first, second);
    }

    function _close(address by, Channel memory c, Tally memory t) internal {
        Signature memory first = Signing.close(earth, USER_KEY, c, t);
        Signature memory second = Signing.close(earth, SUGGESTER_KEY, c, t);
        vm.prank(by);
        earth.close(c, t, first, second);
    }

    function _standing(Channel memory c) internal view returns (IScorchedEarth.Standing memory) {
        return earth.channel(Signing.id(c));
    }

    function _escrow() internal view returns (uint256) {
        return earth.account(suggester).escrow;
    }

    function _assertPhase(Channel memory c, Phase phase) internal view {
        vm.assertEq(uint256(_standing(c).phase), uint256(phase), "phase");
    }

    function _assertSettled(Channel memory c, uint256 rewarded, uint256 burned) internal view {
        IScorchedEarth.Standing memory now_ = _standing(c);
        vm.assertEq(uint256(now_.phase), uint256(Phase.Closed), "closed");
        vm.assertEq(now_.tally.rewarded, rewarded, "rewarded");
        vm.assertEq(now_.tally.burned, burned, "burned");
    }
}
