// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A plain ERC-20 with ERC-2612 permits, and hooks for the hostile ones.
contract Token {
    mapping(address owner => uint256) public balances;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address owner => uint256) public nonces;

    function balanceOf(address owner) public view virtual returns (uint256) {
        return balances[owner];
    }

    function mint(address to, uint256 amount) external {
        balances[to] += amount;
    }

    function approve(address spender, uint256 amount) external virtual returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external virtual returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external virtual returns (bool) {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        return true;
    }

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external virtual {
        require(block.timestamp <= deadline, "late");
        bytes32 hash = permitHash(owner, spender, value, nonces[owner]++, deadline);
        require(owner == ecrecover(hash, v, r, s), "signature");
        allowance[owner][spender] = value;
    }

    function permitHash(address owner, address spender, uint256 value, uint256 nonce, uint256 deadline)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(address(this), block.chainid, owner, spender, value, nonce, deadline));
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        balances[from] -= amount;
        balances[to] += amount;
    }
}
