// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Channel, Tally } from "../src/types/Channel.sol";
import { Base } from "./kit/Base.sol";
import { vm } from "./kit/Test.sol";

contract RegistryTest is Base {
    function test_advertising_lists_the_suggester_with_its_terms_and_escrow() public view {
        IScorchedEarth.Listing[] memory page = earth.suggesters(0, 10);
        vm.assertEq(page.length, 1, "one suggester");
        vm.assertEq(page[0].suggester, suggester, "who");
        vm.assertEq(page[0].escrow, ESCROW, "escrow");
        vm.assertEq(page[0].positive + page[0].negative, 0, "no reputation yet");
        vm.assertEq(keccak256(abi.encode(page[0].terms)), keccak256(abi.encode(_terms())), "terms");
    }

    function test_terms_change_without_a_second_listing_and_open_channels_keep_theirs() public {
        Channel memory c = _open();
        IScorchedEarth.Terms memory changed = _terms();
        changed.userBurn = 9 ether;
        changed.suggesterBurn = 8 ether;
        changed.key = address(0xC0FFEE);
        changed.url = "https://elsewhere.example";
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Advertised(suggester, changed);
        vm.prank(suggester);
        earth.advertise(changed, 0);
        vm.assertEq(earth.suggesterCount(), 1, "listed once");
        vm.assertEq(earth.account(suggester).terms.url, changed.url, "new url");
        _close(STRANGER, c, Tally(1, 1));
        vm.assertEq(_escrow(), ESCROW + 1 ether - 0.01 ether - 3 ether, "settled by the old terms");
    }

    function test_terms_may_close_the_shop_with_no_rounds() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.maxRounds = 0;
        vm.prank(suggester);
        earth.advertise(terms, 0);
        vm.assertEq(earth.account(suggester).terms.maxRounds, 0, "no rounds on offer");
    }

    function test_terms_where_burning_is_cheaper_than_rewarding_are_refused() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.userBurn = terms.reward - 1;
        _refused(terms, IScorchedEarth.BadTerms.selector);
    }

    function test_terms_where_burning_costs_exactly_a_reward_are_taken() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.userBurn = terms.reward;
        vm.prank(suggester);
        earth.advertise(terms, 0);
        vm.assertEq(earth.account(suggester).terms.userBurn, terms.reward, "taken");
    }

    function test_terms_without_a_reward_are_refused() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.reward = 0;
        _refused(terms, IScorchedEarth.BadTerms.selector);
    }

    function test_terms_without_a_stake_of_the_suggester_are_refused() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.suggesterBurn = 0;
        _refused(terms, IScorchedEarth.BadTerms.selector);
    }

    function test_windows_outside_ten_minutes_to_thirty_days_are_refused() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.window = 10 minutes - 1;
        _refused(terms, IScorchedEarth.BadTerms.selector);
        terms.window = 30 days + 1;
        _refused(terms, IScorchedEarth.BadTerms.selector);
        terms.window = 10 minutes;
        vm.prank(suggester);
        earth.advertise(terms, 0);
        terms.window = 30 days;
        vm.prank(suggester);
        earth.advertise(terms, 0);
        vm.assertEq(earth.account(suggester).terms.window, 30 days, "both ends are inside");
    }

    function test_urls_over_256_bytes_are_refused() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.url = string(new bytes(257));
        _refused(terms, IScorchedEarth.BadTerms.selector);
        terms.url = string(new bytes(256));
        vm.prank(suggester);
        earth.advertise(terms, 0);
        vm.assertEq(bytes(earth.account(suggester).terms.url).length, 256, "256 fit");
    }

    function test_terms_without_a_key_are_refused() public {
        IScorchedEarth.Terms memory terms = _terms();
        terms.key = address(0);
        _refused(terms, IScorchedEarth.WrongKey.selector);
    }

    function test_pages_of_suggesters_end_where_the_list_ends() public {
        for (uint160 i = 1; i <= 4; ++i) {
            vm.prank(address(i + 0x1000));
            earth.advertise(_terms(), 0);
        }
        vm.assertEq(earth.suggesterCount(), 5, "count");
        vm.assertEq(earth.suggesters(0, 2).length, 2, "a full page");
        vm.assertEq(earth.suggesters(3, 100).length, 2, "the last page");
        vm.assertEq(earth.suggesters(5, 1).length, 0, "past the end");
        vm.assertEq(earth.suggesters(type(uint256).max, type(uint256).max).length, 0, "far past the end");
        vm.assertEq(earth.suggesters(4, 1)[0].suggester, address(0x1004), "order of advertising");
    }

    function test_deposits_add_up_and_must_come_with_the_money() public {
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Deposited(suggester, 5 ether);
        vm.prank(suggester);
        earth.deposit{ value: 5 ether }(5 ether);
        vm.assertEq(_escrow(), ESCROW + 5 ether, "escrow");
        vm.expectRevert(IScorchedEarth.WrongValue.selector);
        vm.prank(suggester);
        earth.deposit{ value: 1 ether }(2 ether);
    }

    function test_escrow_that_does_not_fit_is_refused() public {
        uint256 room = type(uint96).max - ESCROW;
        vm.deal(suggester, room + 1);
        vm.expectRevert(IScorchedEarth.EscrowOverflow.selector);
        vm.prank(suggester);
        earth.deposit{ value: room + 1 }(room + 1);
        vm.prank(suggester);
        earth.deposit{ value: room }(room);
        vm.assertEq(_escrow(), type(uint96).max, "full to the brim");
    }

    function test_free_escrow_can_be_withdrawn_to_anyone() public {
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Withdrawn(suggester, STRANGER, 40 ether);
        vm.prank(suggester);
        earth.withdraw(40 ether, STRANGER);
        vm.assertEq(STRANGER.balance, 1040 ether, "arrived");
        vm.assertEq(_escrow(), ESCROW - 40 ether, "left");
    }

    function test_escrow_that_backs_channels_cannot_be_withdrawn() public {
        _open();
        vm.expectRevert(IScorchedEarth.InsufficientEscrow.selector);
        vm.prank(suggester);
        earth.withdraw(ESCROW - 30 ether + 1, suggester);
        vm.prank(suggester);
        earth.withdraw(ESCROW - 30 ether, suggester);
        vm.assertEq(_escrow(), 0, "all of the free part");
    }

    function test_the_tabs_key_cannot_withdraw_the_wallets_escrow() public {
        vm.expectRevert(IScorchedEarth.InsufficientEscrow.selector);
        vm.prank(suggesterKey);
        earth.withdraw(1, suggesterKey);
    }

    function test_a_withdrawal_to_a_receiver_that_refuses_reverts() public {
        vm.expectRevert(IScorchedEarth.TransferFailed.selector);
        vm.prank(suggester);
        earth.withdraw(1 ether, address(earth));
    }

    function _refused(IScorchedEarth.Terms memory terms, bytes4 why) private {
        vm.expectRevert(why);
        vm.prank(suggester);
        earth.advertise(terms, 0);
    }
}
