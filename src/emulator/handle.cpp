// SPDX-License-Identifier: MIT
// Handles of the C interface: making, opening, closing, and sending commands.
#include "emulator/handle.h"

#include <algorithm>
#include <cstring>
#include <exception>

using ntms::emulator::code_of;
using ntms::emulator::Device;
using ntms::emulator::LibraryFile;
using ntms::emulator::SqliteError;

namespace ntms::emulator {

int code_of(const Error& error) {
  switch (error.code) {
    case kErrorFileNotFound:
      return NTMS_EMULATOR_NOT_FOUND;
    case kErrorAccessDenied:
      return NTMS_EMULATOR_DENIED;
    case kErrorBadFormat:
      return NTMS_EMULATOR_FORMAT;
    case kErrorFileExists:
      return NTMS_EMULATOR_EXISTS;
    case kErrorInvalidParameter:
      return NTMS_EMULATOR_INVALID;
    default:
      return NTMS_EMULATOR_IO;
  }
}

namespace {

int in_transaction(ntms_emulator* emulator, Transaction::Kind kind,
                   const std::function<int(View&)>& body) {
  if (emulator == nullptr) return NTMS_EMULATOR_INVALID;
  try {
    const std::lock_guard lock(emulator->mutex);
    LibraryFile& file = *emulator->file;
    std::optional<Transaction> transaction(std::in_place, file.db(), kind);
    View view{file, 0, Motions(file).under_way()};
    // Asked after the first look at the file, from which on nobody's changes are seen any more: the
    // clock would seem to be behind a motion that began in between.
    view.now = file.now_ms();
    if (view.moving && view.moving->due(view.now)) {
      if (kind == Transaction::Kind::reading) {
        transaction.reset();
        transaction.emplace(file.db(), Transaction::Kind::writing);
        view.now = file.now_ms();
      }
      view.moving = Motions(file).settle(view.now);
    }
    const int code = body(view);
    if (code == NTMS_EMULATOR_OK) transaction->commit();
    return code;
  } catch (const std::exception&) {
    return NTMS_EMULATOR_IO;  // the boundary to C; the transaction has rolled back
  }
}

}  // namespace

int guarded(ntms_emulator* emulator, const std::function<int(View&)>& body) {
  return in_transaction(emulator, Transaction::Kind::writing, body);
}

int looking(ntms_emulator* emulator, const std::function<int(View&)>& body) {
  return in_transaction(emulator, Transaction::Kind::reading, body);
}

}  // namespace ntms::emulator

const char* ntms_emulator_strerror(int code) {
  switch (code) {
    case NTMS_EMULATOR_OK:
      return "success";
    case NTMS_EMULATOR_INVALID:
      return "an argument makes no sense";
    case NTMS_EMULATOR_NOT_FOUND:
      return "there is no such file, cartridge, block or trace entry";
    case NTMS_EMULATOR_EXISTS:
      return "the file already exists";
    case NTMS_EMULATOR_DENIED:
      return "no permission to read and write the file";
    case NTMS_EMULATOR_FORMAT:
      return "the file is not an emulated library of this version";
    case NTMS_EMULATOR_IO:
      return "the file could not be read or written";
    case NTMS_EMULATOR_LOCKED:
      return "the library does not let the operator do that now";
    case NTMS_EMULATOR_OCCUPIED:
      return "a cartridge is already there";
    case NTMS_EMULATOR_EMPTY:
      return "no cartridge is there";
    case NTMS_EMULATOR_TOO_SMALL:
      return "the buffer is too small";
    case NTMS_EMULATOR_NO_CLOCK:
      return "the library has no virtual clock";
    case NTMS_EMULATOR_NOT_PLAYED:
      return "what a line of the scenario waits for did not happen in time";
    case NTMS_EMULATOR_STOPPED:
      return "the scenario was stopped";
    default:
      return "unknown error";
  }
}

void ntms_emulator_geometry_init(ntms_emulator_geometry* geometry) {
  if (geometry == nullptr) return;
  ntms_emulator_geometry small{};
  small.slots = 20;
  small.drives = 2;
  small.ports = 1;
  small.doors = 1;
  small.bar_code_reader = 1;
  small.sides = 1;
  // The caller of an earlier version has no room for more.
  const std::size_t members = ntms::emulator::known_members(geometry->size);
  small.size = members != 0 ? geometry->size : sizeof small;
  std::memcpy(geometry, &small, members != 0 ? members : sizeof small);
}

int ntms_emulator_create(const char* path, const ntms_emulator_geometry* geometry) {
  if (path == nullptr || *path == '\0' || geometry == nullptr) return NTMS_EMULATOR_INVALID;
  try {
    const auto made = LibraryFile::create(path, *geometry);
    return made ? NTMS_EMULATOR_OK : code_of(made.error());
  } catch (const std::exception&) {
    return NTMS_EMULATOR_IO;
  }
}

int ntms_emulator_open(const char* path, ntms_emulator** emulator) {
  if (path == nullptr || *path == '\0' || emulator == nullptr) return NTMS_EMULATOR_INVALID;
  try {
    auto file = LibraryFile::open(path);
    if (!file) return code_of(file.error());
    auto handle = std::make_unique<ntms_emulator>();
    handle->path = path;
    handle->file = *std::move(file);
    *emulator = handle.release();
    return NTMS_EMULATOR_OK;
  } catch (const std::exception&) {
    return NTMS_EMULATOR_IO;
  }
}

void ntms_emulator_close(ntms_emulator* emulator) {
  delete emulator;
}

namespace {

int device_for(ntms_emulator& emulator, const std::string& initiator, unsigned lun,
               std::shared_ptr<Device>& device) {
  const std::lock_guard lock(emulator.mutex);
  auto& entry = emulator.devices[{initiator, lun}];
  if (!entry) {
    auto opened = Device::open(emulator.path, lun, initiator);
    if (!opened) return code_of(opened.error());
    entry = *std::move(opened);
  }
  device = entry;
  return NTMS_EMULATOR_OK;
}

bool well_formed(const ntms_emulator_command& command) {
  const auto length = command.cdb_length;
  const bool known_length = length == 6 || length == 10 || length == 12 || length == 16;
  return command.size == sizeof command && known_length &&
         (command.data_out != nullptr || command.data_out_length == 0) &&
         (command.data_in != nullptr || command.data_in_size == 0) &&
         (command.initiator == nullptr || std::string(command.initiator).size() < 64);
}

void store(const ntms::scsi::Reply& reply, ntms_emulator_command& command) {
  command.delivery = static_cast<std::uint32_t>(reply.delivery);
  command.status = reply.status;
  command.data_in_length = std::min(reply.data.size(), command.data_in_size);
  std::copy_n(reply.data.begin(), command.data_in_length,
              static_cast<std::uint8_t*>(command.data_in));
  const std::size_t sense = std::min(reply.sense.size(), sizeof command.sense);
  std::copy_n(reply.sense.begin(), sense, command.sense);
  command.sense_length = static_cast<std::uint32_t>(sense);
}

static_assert(static_cast<int>(ntms::scsi::Delivery::delivered) == NTMS_EMULATOR_DELIVERED);
static_assert(static_cast<int>(ntms::scsi::Delivery::timed_out) == NTMS_EMULATOR_TIMED_OUT);
static_assert(static_cast<int>(ntms::scsi::Delivery::link_lost) == NTMS_EMULATOR_LINK_LOST);
static_assert(static_cast<int>(ntms::scsi::Delivery::not_sent) == NTMS_EMULATOR_NOT_SENT);

}  // namespace

int ntms_emulator_execute(ntms_emulator* emulator, ntms_emulator_command* command) {
  if (emulator == nullptr || command == nullptr || !well_formed(*command)) {
    return NTMS_EMULATOR_INVALID;
  }
  try {
    std::shared_ptr<Device> device;
    const std::string initiator = command->initiator != nullptr ? command->initiator : "default";
    if (const int code = device_for(*emulator, initiator, command->lun, device)) return code;
    ntms::scsi::Command sent;
    std::copy_n(command->cdb, command->cdb_length, sent.cdb.bytes.begin());
    sent.cdb.length = command->cdb_length;
    sent.data_in_length = command->data_in_size;
    const auto* out = static_cast<const std::uint8_t*>(command->data_out);
    if (out != nullptr) sent.data_out.assign(out, out + command->data_out_length);
    if (command->timeout_ms != 0) sent.timeout = std::chrono::milliseconds(command->timeout_ms);
    store(device->execute(sent), *command);
    return NTMS_EMULATOR_OK;
  } catch (const std::exception&) {
    return NTMS_EMULATOR_IO;
  }
}
