// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Domain } from "../src/Domain.sol";
import { vm } from "./kit/Test.sol";

/// @dev The address every chain gets, by the standard CREATE2 deployer.
contract DeploymentTest {
    /// @dev The 69 bytes of the deterministic deployment proxy at 0x4e59...956C.
    bytes private constant DEPLOYER =
        hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

    function test_the_compiled_bytes_get_the_address_that_is_written_down() public {
        string memory json = vm.readFile("deployments.json");
        bytes memory initCode = vm.getCode("ScorchedEarthETH.sol");
        bytes32 hash = vm.parseJsonBytes32(json, ".ScorchedEarthETH.initCodeHash");
        vm.assertEq(keccak256(initCode), hash, "the bytes are reproducible");
        address deployer = vm.parseJsonAddress(json, ".deployer");
        vm.etch(deployer, DEPLOYER);
        bytes32 salt = vm.parseJsonBytes32(json, ".salt");
        (bool ok, bytes memory result) = deployer.call(bytes.concat(salt, initCode));
        vm.assertTrue(ok, "deployed");
        address expected = vm.parseJsonAddress(json, ".ScorchedEarthETH.address");
        vm.assertEq(address(bytes20(result)), expected, "address");
        (,,,, address verifying,,) = Domain(expected).eip712Domain();
        vm.assertEq(verifying, expected, "alive there");
    }
}
