// SPDX-License-Identifier: MIT
// Words, exit statuses, columns.
#include "rsm/output.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ntms/win32_types.h"
#include "platform/text.h"

namespace ntms::rsm {
namespace {

struct Words {
  std::uint32_t code;
  std::string_view text;
};

constexpr auto kWords = std::to_array<Words>({
    {ERROR_ACCESS_DENIED, "You have no permission for this."},
    {ERROR_INVALID_HANDLE, "The session or handle is not valid."},
    {ERROR_NOT_ENOUGH_MEMORY, "There is not enough memory."},
    {ERROR_BAD_FORMAT, "The format is not recognized."},
    {ERROR_INVALID_DRIVE, "There is no such drive."},
    {ERROR_WRITE_PROTECT, "The medium is write protected."},
    {ERROR_NOT_READY, "The Removable Storage server is still starting."},
    {29, "The output could not be written."},
    {ERROR_SHARING_VIOLATION, "A file is in use by another program."},
    {ERROR_NOT_SUPPORTED, "This is not supported here."},
    {ERROR_INVALID_PARAMETER, "An argument is missing or wrong."},
    {ERROR_CALL_NOT_IMPLEMENTED, "This function is not available yet."},
    {ERROR_INSUFFICIENT_BUFFER, "The buffer is too small."},
    {ERROR_INVALID_NAME, "The name is not valid."},
    {ERROR_BUSY, "The medium or device is in use."},
    {ERROR_ALREADY_EXISTS, "It exists already."},
    {ERROR_NO_DATA, "There is no data."},
    {ERROR_INVALID_ADDRESS, "The address is not valid."},
    {ERROR_CONNECTION_UNAVAIL, "The connection to the Removable Storage server was lost."},
    {ERROR_INVALID_COMPUTERNAME, "The computer name is not valid."},
    {ERROR_NO_NETWORK, "There is no network."},
    {ERROR_CANCELLED, "The operation was cancelled."},
    {ERROR_NO_SECURITY_ON_OBJECT, "The object has no security descriptor."},
    {ERROR_TIMEOUT, "The time allowed is over."},
    {ERROR_NOT_CONNECTED, "The Removable Storage server cannot be reached."},
    {ERROR_INVALID_MEDIA, "There is no such medium."},
    {ERROR_INVALID_LIBRARY, "There is no such library."},
    {ERROR_INVALID_MEDIA_POOL, "There is no such media pool, or it does not allow this."},
    {ERROR_DRIVE_MEDIA_MISMATCH, "The medium does not fit the drive."},
    {ERROR_MEDIA_OFFLINE, "The medium is offline."},
    {ERROR_LIBRARY_OFFLINE, "The library is offline."},
    {ERROR_EMPTY, "The library, drive or slot is empty."},
    {ERROR_NOT_EMPTY, "The library, drive, slot or port is not empty."},
    {ERROR_MEDIA_UNAVAILABLE, "No suitable medium is available."},
    {ERROR_RESOURCE_DISABLED, "The library or drive is disabled."},
    {ERROR_INVALID_CLEANER, "The cleaner cartridge is not valid."},
    {ERROR_UNABLE_TO_CLEAN, "The drive could not be cleaned."},
    {ERROR_OBJECT_NOT_FOUND, "There is no such object."},
    {ERROR_DATABASE_FAILURE, "The database cannot be used."},
    {ERROR_DATABASE_FULL, "The database is full."},
    {ERROR_MEDIA_INCOMPATIBLE, "The medium is not compatible with the device or pool."},
    {ERROR_RESOURCE_NOT_PRESENT, "The library has no such door, port or slot."},
    {ERROR_INVALID_OPERATION, "There is no such operation, or it has ended."},
    {ERROR_MEDIA_NOT_AVAILABLE, "The medium is disabled."},
    {ERROR_DEVICE_NOT_AVAILABLE, "The library is disabled or not connected."},
    {ERROR_REQUEST_REFUSED, "The operator refused the request."},
    {ERROR_INVALID_DRIVE_OBJECT, "The drive object is not valid."},
    {ERROR_LIBRARY_FULL, "The library has no free slot."},
    {ERROR_MEDIUM_NOT_ACCESSIBLE, "The medium cannot be accessed."},
    {ERROR_UNABLE_TO_LOAD_MEDIUM, "The drive could not load the medium."},
    {ERROR_UNABLE_TO_INVENTORY_DRIVE, "A drive could not be inventoried."},
    {ERROR_UNABLE_TO_INVENTORY_SLOT, "A slot could not be inventoried."},
    {ERROR_UNABLE_TO_INVENTORY_TRANSPORT, "The transport could not be inventoried."},
    {ERROR_TRANSPORT_FULL, "The transport holds a cartridge."},
    {ERROR_CONTROLLING_IEPORT, "The port could not be opened or closed."},
    {ERROR_UNABLE_TO_EJECT_MOUNTED_MEDIA, "A mounted medium cannot be ejected."},
    {ERROR_CLEANER_SLOT_SET, "A cleaner slot is reserved already."},
    {ERROR_CLEANER_SLOT_NOT_SET, "No cleaner slot is reserved."},
    {ERROR_CLEANER_CARTRIDGE_SPENT, "The cleaner cartridge is used up."},
    {ERROR_UNEXPECTED_OMID, "The medium is not the one that was expected."},
    {ERROR_CANT_DELETE_LAST_ITEM, "The last item cannot be deleted."},
    {ERROR_MESSAGE_EXCEEDS_MAX_SIZE, "The message is too long."},
    {ERROR_VOLUME_CONTAINS_SYS_FILES, "The volume holds system files."},
    {ERROR_INDIGENOUS_TYPE, "The media type belongs to the system."},
    {ERROR_NO_SUPPORTING_DRIVES, "No drive supports the medium."},
    {ERROR_CLEANER_CARTRIDGE_INSTALLED, "A cleaner cartridge is installed already."},
    {ERROR_IEPORT_FULL, "The port is full."},
    {ERROR_RESOURCE_NOT_AVAILABLE, "The slot is occupied or missing."},
    {ERROR_INVALID_STATE, "The object is not in a state for this."},
});

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

}  // namespace

Outcome wrong_usage(std::string reason) {
  Outcome outcome(ERROR_INVALID_PARAMETER, std::move(reason));
  outcome.usage = true;
  return outcome;
}

std::string_view words_of(std::uint32_t code) {
  const auto* const found = std::find_if(kWords.begin(), kWords.end(),
                                         [&](const Words& words) { return words.code == code; });
  return found == kWords.end() ? "The operation failed." : found->text;
}

void print_failure(std::ostream& out, const Outcome& outcome) {
  out << outcome.code << ' ' << words_of(outcome.code) << '\n';
  if (!outcome.reason.empty()) out << outcome.reason << '\n';
}

int exit_status(std::uint32_t code) {
#ifdef _WIN32
  return static_cast<int>(code);
#else
  if (code == 0) return 0;
  const auto low = static_cast<int>(code & 0xFF);
  return low != 0 ? low : 255;
#endif
}

void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    auto& line = cells.emplace_back();
    if (widths.size() < row.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.push_back(platform::printable(row[i]));
      widths[i] = std::max(widths[i], width(line[i]));
    }
  }
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out << line[i];
      if (i + 1 < line.size()) out << std::string(widths[i] - width(line[i]) + 2, ' ');
    }
    out << '\n';
  }
}

}  // namespace ntms::rsm
