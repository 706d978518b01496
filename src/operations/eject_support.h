// SPDX-License-Identifier: MIT
// What the parts of the eject operation share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "device/changer.h"
#include "store/records.h"

namespace ntms::operations {

// A stop or a cancel asked for an early end of the request.
bool wants_to_end(const model::LibraryRequest& request);

// Gives a stopped or cancelled request its end state.
void finish_withdrawn(store::Writer& writer, model::LibraryRequest& request);

// The element with this address; null when it was not reported. Valid as long as `elements`.
const scsi::ElementStatus* element_at(const std::vector<scsi::ElementStatus>& elements,
                                      std::uint32_t address);

// Whether what an element holds can be the cartridge with this bar code: the robot may not have
// been able to read it.
bool may_be(const scsi::ElementStatus& element, const std::string& bar_code);

// The range of one element.
device::ElementRange only(std::uint32_t address);

// The element of the slot or drive a medium is in, with its type.
struct Source {
  std::uint32_t address = 0;
  scsi::ElementType type = scsi::ElementType::storage;
  std::optional<model::Drive> drive;
};

// Where a medium would be fetched from; nothing when its place is unknown or not in the library.
std::optional<Source> source_of(store::Reader& reader, const model::PhysicalMedium& medium);

// Whether an element address of the library is a drive or a slot.
scsi::ElementType type_of_source(store::Reader& reader, const Guid& library, std::uint32_t address);

}  // namespace ntms::operations
