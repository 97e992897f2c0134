// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Token } from "./Token.sol";

/// 1. Returns nothing, as Tether does.
contract SilentToken {
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// 2. Says false instead of reverting, and moves nothing.
contract LyingToken is Token {
    bool public refusing;

    function refuse(bool yes) external {
        refusing = yes;
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        if (refusing) return false;
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external override returns (bool) {
        if (refusing) return false;
        _move(from, to, amount);
        return true;
    }
}

/// 3. Keeps 1 % of every transfer.
contract FeeToken is Token {
    function _move(address from, address to, uint256 amount) internal override {
        balances[from] -= amount;
        balances[to] += amount - amount / 100;
    }
}

/// 4. Charges the sender 1 % on top.
contract SurchargeToken is Token {
    function _move(address from, address to, uint256 amount) internal override {
        balances[from] -= amount + (from.code.length == 0 ? 0 : amount / 100);
        balances[to] += amount;
    }
}

/// 5. and 6. Shrinks or grows every balance at will.
contract RebasingToken is Token {
    uint256 public percent = 100;

    function rebase(uint256 newPercent) external {
        percent = newPercent;
    }

    function balanceOf(address owner) public view override returns (uint256) {
        return balances[owner] * percent / 100;
    }

    function _move(address from, address to, uint256 amount) internal override {
        balances[from] -= amount * 100 / percent;
        balances[to] += amount * 100 / percent;
    }
}

/// 7. Blocks receivers.
contract BlockingToken is Token {
    mapping(address who => bool) public blocked;

    function block_(address who) external {
        blocked[who] = true;
    }

    function _move(address from, address to, uint256 amount) internal override {
        require(!blocked[to], "blocked");
        super._move(from, to, amount);
    }
}

/// 8. Calls the sender before it moves anything, as ERC-777 does.
contract HookToken is Token {
    address private _target;
    bytes private _call;
    address private _as;
    bool public succeeded;
    uint256 public calls;

    function hook(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (_target != address(0)) {
            address target = _target;
            _target = address(0);
            (succeeded,) = Hooked(from).called(target, _call);
            calls++;
        }
        super._move(from, to, amount);
    }
}

interface Hooked {
    function called(address target, bytes calldata call_) external returns (bool, bytes memory);
}

/// 9. Eats all the gas it gets.
contract HungryToken is Token {
    bool public hungry;

    function starve() external {
        hungry = true;
    }

    function _move(address from, address to, uint256 amount) internal override {
        while (hungry) { }
        super._move(from, to, amount);
    }
}

/// 10. Answers with a megabyte.
contract BombToken is Token {
    bool public armed;

    function arm() external {
        armed = true;
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        if (armed) {
            assembly {
                revert(0, 0x20000)
            }
        }
        _move(msg.sender, to, amount);
        return true;
    }
}

/// 11. Says yes and moves nothing.
contract PhantomToken is Token {
    function _move(address, address, uint256) internal override { }
}

/// 12. Pauses everything.
contract PausingToken is Token {
    bool public paused;

    function pause(bool yes) external {
        paused = yes;
    }

    function _move(address from, address to, uint256 amount) internal override {
        require(!paused, "paused");
        super._move(from, to, amount);
    }
}

/// 13. Says yes with a word that is not true.
contract OddToken is Token {
    bool public odd;

    function become(bool yes) external {
        odd = yes;
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        _move(msg.sender, to, amount);
        if (odd) {
            assembly {
                mstore(0, 2)
                return(0, 0x20)
            }
        }
        return true;
    }
}
