// SPDX-License-Identifier: MIT
// Between the information structures of callers, in their four layouts (A or W, current or first
// generation), and the server's objects (functions-objects 1 and 2, structs.tsv).
//
// Buffers are read and written as bytes: their alignment does not matter, nothing is read or
// written beyond the size the caller states, and nothing is written before a call has succeeded.
#pragma once

#include <ntmsapi.h>

#include <cstdint>

#include "base/error.h"
#include "server/object_information.h"

namespace ntms::abi {

// The character sets, each with its two generations of the structure.
struct Ansi {
  using Current = NTMS_OBJECTINFORMATIONA;
  using First = NTMS_I1_OBJECTINFORMATIONA;
};
struct Wide {
  using Current = NTMS_OBJECTINFORMATIONW;
  using First = NTMS_I1_OBJECTINFORMATIONW;
};

// Which generation of the structure a caller uses.
enum class Layout { current, first };

// The two members that every layout starts with and that are inputs of every call.
struct Stated {
  std::uint32_t size = 0;  // dwSize
  std::uint32_t type = 0;  // dwType: NTMS_UNKNOWN or an object type
};

// What the caller states in a structure of at least 4 bytes (dwSize).
// Errors: ERROR_INVALID_PARAMETER when the size is too small for any object, or the type is neither
// NTMS_UNKNOWN nor an object type.
template <class Charset>
Result<Stated> read_stated(const void* information);

// The layout that a size stands for, given the object's type (2 to 17): the first generation when
// it is exactly that structure's size, else the current one when the type's member fits.
// Errors: ERROR_INVALID_PARAMETER when neither is so.
template <class Charset>
Result<Layout> choose_layout(std::uint32_t size, std::uint32_t type);

// Writes an object into a buffer of the size and layout that choose_layout() accepted for its type.
// dwSize keeps its value, dwType becomes the object's type; bytes behind the type's member of Info
// are left as they are. Texts are cut to fit and always terminated.
template <class Charset>
void encode(const server::ObjectView& view, Layout layout, void* information);

// The writable members in a buffer of the size and layout that choose_layout() accepted for the
// type. Members that the layout does not have, and names of types that callers cannot name, are
// left without a value.
// Errors: ERROR_INVALID_PARAMETER when a text that would be stored is not terminated in its array.
template <class Charset>
Result<server::WritableMembers> decode(const void* information, Layout layout, std::uint32_t type);

}  // namespace ntms::abi
