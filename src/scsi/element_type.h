// SPDX-License-Identifier: MIT
// The four kinds of element of a media changer (SMC-3 4.2.2, table "element type codes").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ntms::scsi {

// Values are the element type codes of the wire. Code 0 ("all types") is left out on purpose: real
// libraries mishandle it, so every request names one type.
enum class ElementType : std::uint8_t {
  transport = 1,      // medium transport element: the arm
  storage = 2,        // storage element: a slot
  import_export = 3,  // import/export element: a port
  data_transfer = 4,  // data transfer element: a drive
};

// All types, in the order of their codes.
inline constexpr std::array<ElementType, 4> kElementTypes = {
    ElementType::transport, ElementType::storage, ElementType::import_export,
    ElementType::data_transfer};

// The type with this code, or nothing for a code that is none of the four.
constexpr std::optional<ElementType> element_type_from_code(std::uint8_t code) {
  if (code < 1 || code > 4) return std::nullopt;
  return static_cast<ElementType>(code);
}

// "transport", "slot", "port" or "drive", for messages.
constexpr std::string_view to_string(ElementType type) {
  switch (type) {
    case ElementType::transport:
      return "transport";
    case ElementType::storage:
      return "slot";
    case ElementType::import_export:
      return "port";
    case ElementType::data_transfer:
      return "drive";
  }
  return "element";
}

}  // namespace ntms::scsi
