// SPDX-License-Identifier: MIT
#include "operations/eject_support.h"

#include <algorithm>

#include "operations/requests.h"

namespace ntms::operations {
using model::LibraryRequest;

bool wants_to_end(const LibraryRequest& request) {
  return request.stop || request.cancel;
}

void finish_withdrawn(store::Writer& writer, LibraryRequest& request) {
  if (request.cancel) {
    finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED, "cancelled");
  } else {
    finish(writer, request, NTMS_LM_STOPPED, ERROR_SUCCESS, "stopped");
  }
}

const scsi::ElementStatus* element_at(const std::vector<scsi::ElementStatus>& elements,
                                      std::uint32_t address) {
  const auto found = std::find_if(elements.begin(), elements.end(), [address](const auto& element) {
    return element.address == address;
  });
  return found == elements.end() ? nullptr : &*found;
}

bool may_be(const scsi::ElementStatus& element, const std::string& bar_code) {
  return element.full &&
         (element.volume_tag.empty() || bar_code.empty() || element.volume_tag == bar_code);
}

device::ElementRange only(std::uint32_t address) {
  return {static_cast<std::uint16_t>(address), 1};
}

std::optional<Source> source_of(store::Reader& reader, const model::PhysicalMedium& medium) {
  if (medium.location_type == NTMS_STORAGESLOT) {
    if (const auto slot = reader.find<model::Slot>(medium.location)) {
      return Source{slot->element_address, scsi::ElementType::storage, std::nullopt};
    }
  } else if (medium.location_type == NTMS_DRIVE) {
    if (auto drive = reader.find<model::Drive>(medium.location)) {
      return Source{drive->element_address, scsi::ElementType::data_transfer, std::move(drive)};
    }
  }
  return std::nullopt;
}

scsi::ElementType type_of_source(store::Reader& reader, const Guid& library,
                                 std::uint32_t address) {
  const bool drive =
      reader.number("SELECT count(*) FROM drive WHERE library=?1 AND element_address=?2", library,
                    address) != 0;
  return drive ? scsi::ElementType::data_transfer : scsi::ElementType::storage;
}

}  // namespace ntms::operations
