// SPDX-License-Identifier: MIT
// A media changer as the upper layers see it: its element map, its contents, its moves. Knows the
// oddities of real changers so that nobody above has to.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "device/commander.h"
#include "device/identity.h"
#include "device/sense_action.h"
#include "scsi/element_status.h"
#include "scsi/mode_pages.h"

namespace ntms::device {

using scsi::ElementRange;
using scsi::ElementStatus;
using scsi::ElementType;

// Where the elements of each type are (mode page 1Dh).
using Geometry = scsi::ElementAddressAssignment;

// What the device claims to be able to do (mode page 1Fh). Advice only.
using Capabilities = scsi::DeviceCapabilitiesPage;

// The end of a move: `happened` says whether the medium may be elsewhere now.
using MoveResult = Verdict;

// What is where. Each list is ordered by element address; an element that the device did not report
// is absent.
struct Inventory {
  std::vector<ElementStatus> transports;
  std::vector<ElementStatus> slots;
  std::vector<ElementStatus> ports;
  std::vector<ElementStatus> drives;
  bool volume_tags = false;  // the device has a bar code reader: it accepted VOLTAG or sent a tag
};

// One media changer. Not thread-safe: one operation at a time, from one strand; the caller holds
// the arm. Must outlive the coroutines it returns. What the device refused once (an operation, the
// volume tags of a type, the drives' identifiers) is remembered and not asked for again until the
// next attach().
// All errors carry a Win32 code and a reason with the sense data; last_verdict() tells in addition
// what to do about them.
class Changer {
 public:
  explicit Changer(std::unique_ptr<scsi::Transport> transport, Patience patience = {});

  // Gets to know the device: takes the UNIT ATTENTIONs of a new connection, then reads identity,
  // element addresses and capabilities. When mode page 1Dh is refused in both forms, the addresses
  // are found by reading the element status of each type. May be called again after a lost link.
  // Errors: ERROR_INVALID_PARAMETER when the device is no changer; ERROR_RESOURCE_NOT_PRESENT when
  // it reports no elements; ERROR_DEVICE_NOT_AVAILABLE when it does not answer or stays not ready.
  boost::asio::awaitable<Result<void>> attach();

  const Identity& identity() const { return facts_.identity; }
  const std::vector<scsi::DeviceIdentifier>& designators() const { return facts_.designators; }
  const Geometry& geometry() const { return geometry_; }
  const std::optional<Capabilities>& capabilities() const { return capabilities_; }
  // Whether the arm turns media over (mode page 1Eh); one that does not tell does not.
  bool turns_media() const { return turns_media_; }
  const std::string& uri() const { return commander_.transport().uri(); }
  std::chrono::milliseconds poll_interval() const { return commander_.transport().poll_interval(); }

  // The whole contents, type by type. A type that has elements and is reported without any is read
  // once more before that is believed. A changer that refuses to report its transports has none in
  // the result.
  // Errors: ERROR_UNABLE_TO_INVENTORY_DRIVE, _SLOT or _TRANSPORT when a reply makes no sense;
  // else what the device's sense data means.
  boost::asio::awaitable<Result<Inventory>> read_inventory();

  // The elements of one type, all or those in `part`, by address. Drives come with their
  // identifiers when the device tells them. Requests at most 1,000 elements and 65,535 bytes at a
  // time. Errors: as read_inventory().
  boost::asio::awaitable<Result<std::vector<ElementStatus>>> read_elements(
      ElementType type, std::optional<ElementRange> part = std::nullopt);

  // Moves the medium in element `from` to element `to`. Sent once; see Commander::motion. Only
  // when the device was not ready, and so has moved nothing, and becomes ready within ten seconds,
  // it is sent again, at most twice.
  // Takes pending UNIT ATTENTIONs first; if one of them told that media may have been moved by
  // hand, nothing is sent and the result is `reconcile`. An address outside the element map is
  // ERROR_INVALID_ADDRESS and never reaches the device. With `turn` the arm turns the medium over
  // (INVERT), in place if `from` is `to`; without turns_media() that is ERROR_NOT_SUPPORTED and
  // never reaches the device either.
  boost::asio::awaitable<MoveResult> move(std::uint16_t from, std::uint16_t to, bool turn = false);

  // Moves the medium in `from` to `to` and the one in `to` to `second` (mostly equal to `from`).
  // A device without the command: ERROR_NOT_SUPPORTED, happened no. Else as move(). One that does
  // not know the command (5/20/00) or these options of it (5/24/00) is not asked again.
  boost::asio::awaitable<MoveResult> exchange(std::uint16_t from, std::uint16_t to,
                                              std::uint16_t second);

  // Whether exchange() is worth asking for: it has not been refused, and mode page 1Fh, if there is
  // one, claims an exchange between some elements. Which ones is not believed.
  bool may_exchange() const;

  // The following give ERROR_NOT_SUPPORTED when the device does not know the command.

  // Puts the arm in front of an element.
  boost::asio::awaitable<Result<void>> position(std::uint16_t address);

  // Lets the device look at its elements, all or those in `part`. Moves the arm and can take very
  // long: only on request. Not replaced by a full one when only the partial one is refused.
  boost::asio::awaitable<Result<void>> initialize(std::optional<ElementRange> part = std::nullopt);

  // Locks (true) or releases the ports, doors and magazines for this initiator.
  boost::asio::awaitable<Result<void>> prevent(bool locked);

  // Sends the last PREVENT ALLOW MEDIUM REMOVAL once more if it failed. For those who look at the
  // device again and again while a person is to have access, or to have none.
  boost::asio::awaitable<void> settle_lock();

  // Extends or retracts a port; without an address the first one.
  // Errors: ERROR_RESOURCE_NOT_PRESENT when there is no such port.
  boost::asio::awaitable<Result<void>> open_port(
      std::optional<std::uint16_t> address = std::nullopt);
  boost::asio::awaitable<Result<void>> close_port(
      std::optional<std::uint16_t> address = std::nullopt);

  // Whether somebody can reach into the library, by the verdict of TEST UNIT READY (operator_needed
  // while a door stands open or a magazine is out). Waits for nothing.
  boost::asio::awaitable<Commander::Drained> look_at_doors();

  // Whether the device is ready now (waits only while it is BUSY), or becomes so within `limit`.
  boost::asio::awaitable<Verdict> test_ready();
  boost::asio::awaitable<Verdict> wait_ready(std::chrono::milliseconds limit);

  // See Commander.
  bool attention_pending() const { return commander_.attention_pending(); }
  bool take_attention() { return commander_.take_attention(); }
  bool take_contents_changed() { return commander_.take_contents_changed(); }
  const Verdict& last_verdict() const { return commander_.last_verdict(); }

 private:
  // What not every device can do.
  enum class Feature { exchange, position, initialize, initialize_range, prevent, open, close };
  static constexpr std::size_t kFeatures = 7;

  boost::asio::awaitable<Result<void>> read_geometry();
  boost::asio::awaitable<void> read_capabilities();
  boost::asio::awaitable<Result<void>> explore_geometry();
  boost::asio::awaitable<Result<scsi::ModeSense>> read_mode_page(std::uint8_t page,
                                                                 std::vector<std::uint8_t>& data);
  boost::asio::awaitable<Result<std::vector<ElementStatus>>> walk(ElementType type,
                                                                  ElementRange range,
                                                                  bool device_ids);
  boost::asio::awaitable<Result<void>> add_device_ids(ElementRange range,
                                                      std::vector<ElementStatus>& drives);
  boost::asio::awaitable<Result<void>> optional_command(Feature feature, scsi::Command command);
  boost::asio::awaitable<Result<void>> operate_port(Feature feature,
                                                    std::optional<std::uint16_t> address);
  boost::asio::awaitable<MoveResult> move_safely(scsi::Command command);

  bool known(std::uint16_t address) const;
  std::uint16_t arm() const { return geometry_.transport.first; }
  bool& lacks(Feature feature) { return lacking_[static_cast<std::size_t>(feature)]; }
  bool lacks(Feature feature) const { return lacking_[static_cast<std::size_t>(feature)]; }

  Commander commander_;
  DeviceFacts facts_;
  Geometry geometry_;
  std::optional<Capabilities> capabilities_;
  bool turns_media_ = false;
  std::array<bool, kFeatures> lacking_{};
  std::array<bool, kFeatures> proven_{};  // it has done that
  std::optional<bool> lock_owed_;         // what the last prevent() was to do and did not
  std::array<bool, 4> tags_refused_{};    // by element type code - 1
  std::array<bool, 4> tags_accepted_{};   // likewise
  bool device_ids_refused_ = false;
};

}  // namespace ntms::device
