// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Settlement } from "../libraries/Settlement.sol";
import { Channel, Party, Signature, Tally } from "../types/Channel.sol";
import { Phase } from "../types/Status.sol";

/// @title Two-of-two scorched earth channels for content suggestions
/// @notice A suggester escrows money and advertises its terms. A user opens a channel against them with one
/// deposit; a portion of the escrow joins it. Each suggestion is answered off chain by a signed round: reward
/// (the user pays) or burn (both lose what they agreed on). Either side leaves by mutual signature at once, or
/// alone by a contested close with a bond and a window in which the other side may show a newer round.
interface IScorchedEarth {
    /// @notice What a suggester offers. Changing it never touches a channel that is open.
    struct Terms {
        /// Price of a good suggestion.
        uint96 reward;
        /// What the user must burn to punish a bad one; at least `reward`, or burning would be the cheap way out.
        uint96 userBurn;
        /// Most suggestions one channel may cover; 0 while no channel is wanted.
        uint32 maxRounds;
        /// Seconds to challenge a contested close.
        uint32 window;
        /// What the suggester loses by a bad suggestion.
        uint96 suggesterBurn;
        /// Key that approves channels and signs rounds.
        address key;
        /// Stake of whoever starts a contested close.
        uint96 bond;
        /// Where the suggester is reached, at most 256 bytes.
        string url;
    }

    /// @notice One entry of the list of suggesters.
    struct Listing {
        address suggester;
        uint256 escrow;
        uint256 positive;
        uint256 negative;
        Terms terms;
    }

    /// @notice What is known of a channel by its id. `deadline` and `closer` mean something while it is closing;
    /// `tally` is the standing claim then, and the settled state once it is closed.
    struct Standing {
        Phase phase;
        Party closer;
        bool faulty;
        uint40 deadline;
        uint32 claimed;
        Tally tally;
    }

    event Advertised(address indexed suggester, Terms terms);
    event Deposited(address indexed suggester, uint256 amount);
    event Withdrawn(address indexed suggester, address to, uint256 amount);
    event Requested(bytes32 indexed id, address indexed user, address indexed suggester, Channel channel);
    event Cancelled(bytes32 indexed id, address indexed user, address indexed suggester);
    /// @dev Also tells a user who lost everything but the wallet what the channel was.
    event Opened(bytes32 indexed id, address indexed user, address indexed suggester, Channel channel);
    /// @dev The channel is the one of the `Requested` event of the same id.
    event Approved(bytes32 indexed id, address indexed user, address indexed suggester);
    event Closing(bytes32 indexed id, Party by, uint256 rewarded, uint256 burned, uint256 deadline);
    /// @dev Somebody other than the counterparty corrected the claim; the deadline stays.
    event Corrected(bytes32 indexed id, uint256 rewarded, uint256 burned, bool faulty);
    /// @dev A user finds its own by the ids of `Opened`; a suggester's whole history is one filter.
    event Closed(bytes32 indexed id, address indexed suggester, uint256 rewarded, uint256 burned);
    /// @dev Whoever started the contested close was shown wrong.
    event BondBurned(bytes32 indexed id, address indexed party, uint256 bond);
    /// @dev The user did not take the payment; it waits to be claimed.
    event Owed(address indexed user, uint256 amount);
    event Claimed(address indexed user, address to, uint256 amount);
    event Flushed(uint256 amount);

    /// @dev The sender is not who may do this.
    error NotParty();
    /// @dev The money sent, or received, is not exactly what the call needs.
    error WrongValue();
    /// @dev The channel is not in the phase this call starts from.
    error WrongPhase();
    /// @dev A key is missing, stands on both sides, or is not the one the suggester advertises.
    error WrongKey();
    error BadTerms();
    error BadSignature();
    /// @dev More rounds than the deposits cover.
    error BadTally();
    /// @dev The approval is too old.
    error Expired();
    /// @dev The shown state does not beat the claim.
    error NotNewer();
    /// @dev The suggester's free escrow does not cover it.
    error InsufficientEscrow();
    /// @dev More than 2^96-1 of the smallest unit in one escrow.
    error EscrowOverflow();
    error TooEarly();
    error TooLate();
    error NothingOwed();
    error TransferFailed();
    /// @dev Too little gas to offer the user its payment fairly; send the same call with more.
    error InsufficientGas();

    /// @notice Lists the sender as a suggester, or changes its terms, and adds `amount` to its escrow.
    function advertise(Terms calldata terms, uint256 amount) external payable;

    /// @notice Adds `amount` to the sender's escrow.
    function deposit(uint256 amount) external payable;

    /// @notice Takes escrow that no channel uses.
    function withdraw(uint256 amount, address to) external;

    /// @notice The user opens a channel with the suggester's signed approval, paying `rounds * userBurn`; the
    /// suggester's escrow adds `rounds * suggesterBurn`. An id is used once and never again.
    function open(Channel calldata channel, uint256 expiry, Signature calldata approval)
        external
        payable
        returns (bytes32 id);

    /// @notice The user asks an absent suggester. It locks the user's deposit and nothing of the suggester's.
    function request(Channel calldata channel) external payable returns (bytes32 id);

    /// @notice The suggester, or its advertised key, opens requested channels of its own. Those no longer waiting
    /// are passed over, so that one withdrawn request cannot spoil a batch.
    function approve(Channel[] calldata channels) external;

    /// @notice Any party takes a request back; the user has its deposit again.
    function cancel(Channel calldata channel) external;

    /// @notice Both agreed to leave with this tally. Anyone may send it; a party that sends it need not sign.
    function close(
        Channel calldata channel,
        Tally calldata tally,
        Signature calldata user,
        Signature calldata suggester
    ) external;

    /// @notice A party leaves alone with the newest round it knows, countersigned by the other side (an unplayed
    /// channel needs no signature), and stakes the bond.
    function startClose(Channel calldata channel, Tally calldata tally, Signature calldata counterparty)
        external
        payable;

    /// @notice Shows a newer round than the claim. Sent by the counterparty it settles at once. Sent by anyone
    /// else it corrects the claim and the window runs on, so that nobody ends a window by challenging himself.
    /// A user is at fault for any older claim, or for another state of the same round, which only the suggester
    /// itself may show; a suggester one round behind may not have seen it and is at fault from two on.
    function challenge(
        Channel calldata channel,
        Tally calldata tally,
        Signature calldata user,
        Signature calldata suggester
    ) external;

    /// @notice The counterparty accepts the standing claim without waiting.
    function affirm(Channel calldata channel) external;

    /// @notice Settles the standing claim once the window is over. Anyone may send it.
    function finish(Channel calldata channel) external;

    /// @notice Takes a payment that could not be delivered.
    function claim(address to) external;

    /// @notice Sends what was burned to 0x...dEaD. Anyone may send it.
    function flush() external;

    function account(address suggester) external view returns (Listing memory);

    function suggesterCount() external view returns (uint256);

    /// @notice Up to `count` suggesters from index `from`, in the order they first advertised.
    function suggesters(uint256 from, uint256 count) external view returns (Listing[] memory);

    function channel(bytes32 id) external view returns (Standing memory);

    function channelId(Channel calldata channel) external pure returns (bytes32);

    /// @notice What closing with this tally would pay, bonds aside.
    function payout(Channel calldata channel, Tally calldata tally)
        external
        pure
        returns (Settlement.Split memory);

    /// @notice Everything ever burned, and the part of it that was not flushed yet.
    function burned() external view returns (uint256 total, uint256 held);

    function owed(address user) external view returns (uint256);
}
