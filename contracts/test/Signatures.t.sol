// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Domain } from "../src/Domain.sol";
import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Signatures } from "../src/libraries/Signatures.sol";
import { Channel, Signature, Tally } from "../src/types/Channel.sol";
import { Base } from "./kit/Base.sol";
import { Signing } from "./kit/Signing.sol";
import { vm } from "./kit/Test.sol";

contract SignaturesTest is Base {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function test_the_domain_is_described_as_erc_5267_asks() public view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        ) = Domain(address(earth)).eip712Domain();
        vm.assertEq(bytes32(fields), bytes32(hex"0f"), "name, version, chain and contract");
        vm.assertEq(name, "Scorched Earth", "name");
        vm.assertEq(version, "1", "version");
        vm.assertEq(chainId, block.chainid, "chain");
        vm.assertEq(verifyingContract, address(earth), "contract");
        vm.assertEq(salt, bytes32(0), "no salt");
        vm.assertEq(extensions.length, 0, "no extensions");
        bytes32 typehash =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 expected = keccak256(
            abi.encode(
                typehash, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifyingContract
            )
        );
        vm.assertEq(Domain(address(earth)).domainSeparator(), expected, "separator");
    }

    function test_signatures_do_not_survive_a_fork_to_another_chain() public {
        Channel memory c = _channel();
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.chainId(8453);
        _openFails(earth, c, approval);
        approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.prank(user);
        earth.open{ value: 15 ether }(c, EXPIRY, approval);
    }

    function test_rounds_of_another_contract_are_worth_nothing() public {
        IScorchedEarth here = earth;
        Channel memory c = _open();
        IScorchedEarth there = IScorchedEarth(vm.deployCode("ScorchedEarthETH.sol"));
        vm.prank(suggester);
        there.advertise{ value: ESCROW }(_terms(), ESCROW);
        _openFails(there, c, Signing.approval(here, SUGGESTER_KEY, c, EXPIRY));
        earth = there;
        _open(c);
        Tally memory t = Tally(0, 5);
        Signature memory foreign = Signing.round(here, SUGGESTER_KEY, c, t);
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(user);
        there.startClose{ value: 2 ether }(c, t, foreign);
    }

    function test_rounds_of_another_channel_are_worth_nothing() public {
        Channel memory first = _open();
        Channel memory second = _channel();
        second.salt = 8;
        _open(second);
        Tally memory t = Tally(0, 5);
        Signature memory foreign = Signing.round(earth, SUGGESTER_KEY, first, t);
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(user);
        earth.startClose{ value: 2 ether }(second, t, foreign);
    }

    /// @dev The compact form has room for hardly any large s; both ways to write the mirror down are tried.
    function test_the_mirror_of_a_signature_is_refused() public {
        Channel memory c = _channel();
        Signature memory sig = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        uint256 s = uint256(sig.vs) & uint256(type(int256).max);
        uint256 parity = uint256(sig.vs) >> 255;
        uint256 mirrored = ORDER - s;
        _openFails(earth, c, Signature(sig.r, bytes32(mirrored)));
        _openFails(
            earth, c, Signature(sig.r, bytes32(mirrored & uint256(type(int256).max) | (1 - parity) << 255))
        );
    }

    function test_a_large_s_is_refused_even_where_the_chain_would_recover_the_signer() public {
        (, bytes32 r,) = vm.sign(USER, keccak256("a point on the curve"));
        bytes32 low = bytes32(ORDER / 2);
        bytes32 high = bytes32(ORDER / 2 + 1);
        bytes32 hash = keccak256("signed");
        this.requireSigned(hash, Signature(r, low), ecrecover(hash, 27, r, low));
        address signer = ecrecover(hash, 27, r, high);
        vm.assertTrue(signer != address(0), "the chain recovers somebody");
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        this.requireSigned(hash, Signature(r, high), signer);
    }

    function test_nobody_is_not_somebody() public {
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        this.requireSigned(keccak256("signed"), none, address(0));
    }

    function requireSigned(bytes32 hash, Signature calldata sig, address signer) external pure {
        Signatures.requireSigned(hash, sig, signer);
    }

    function test_a_signature_of_nobody_does_not_count_for_a_missing_key() public {
        Channel memory c = _open();
        Tally memory t = Tally(5, 0);
        Signature[3] memory empty = [
            Signature(0, 0), Signature(bytes32(uint256(1)), 0), Signature(bytes32(ORDER), bytes32(uint256(1)))
        ];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(IScorchedEarth.BadSignature.selector);
            vm.prank(user);
            earth.startClose{ value: 2 ether }(c, t, empty[i]);
        }
    }

    function test_a_suggester_that_never_advertised_cannot_be_opened_by_an_empty_signature() public {
        Channel memory c = _channel();
        c.suggester = address(0xABCDEF);
        c.suggesterKey = address(0);
        vm.expectRevert(IScorchedEarth.WrongKey.selector);
        vm.prank(user);
        earth.open{ value: 15 ether }(c, EXPIRY, none);
    }

    function testFuzz_no_random_signature_opens_a_channel(bytes32 r, bytes32 vs) public {
        _openFails(earth, _channel(), Signature(r, vs));
    }

    function testFuzz_every_changed_word_of_a_channel_is_another_channel(uint256 word, uint256 change)
        public
    {
        Channel memory c = _open();
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, Tally(1, 1));
        bytes memory call_ = abi.encodeCall(IScorchedEarth.startClose, (c, Tally(1, 1), sig));
        word = word % 11;
        vm.assume(change != 0);
        assembly ("memory-safe") {
            let at := add(add(call_, 0x24), mul(word, 0x20))
            mstore(at, xor(mload(at), change))
        }
        vm.prank(user);
        (bool started,) = address(earth).call{ value: 2 ether }(call_);
        vm.assertTrue(!started, "no such channel");
    }

    function _openFails(IScorchedEarth on, Channel memory c, Signature memory sig) private {
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(user);
        on.open{ value: 15 ether }(c, EXPIRY, sig);
    }
}
