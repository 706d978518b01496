// SPDX-License-Identifier: MIT
// Security descriptors: taken apart, checked and put together. The layouts are those of Windows in
// memory (security descriptors, SIDs, access control lists and their entries; [MS-DTYP] 2.4), on
// every platform. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/error.h"

namespace ntms::security {

using ByteView = std::span<const std::uint8_t>;

// Bits of a descriptor's control word.
inline constexpr std::uint16_t kDaclPresent = 0x0004;
inline constexpr std::uint16_t kSaclPresent = 0x0010;
inline constexpr std::uint16_t kDaclControl = 0x150C;  // all that tell something of the DACL
inline constexpr std::uint16_t kSaclControl = 0x2A30;  // of the SACL
inline constexpr std::uint16_t kSelfRelative = 0x8000;

// Types and flags of entries (ACEs).
inline constexpr std::uint8_t kAccessAllowed = 0;
inline constexpr std::uint8_t kAccessDenied = 1;
inline constexpr std::uint8_t kInheritOnly = 0x08;

// The parts of a descriptor, in memory that somebody else owns.
struct Descriptor {
  std::uint16_t control = 0;
  ByteView owner;  // a SID; empty: none
  ByteView group;  // likewise
  ByteView sacl;   // an access control list; empty: none, or NULL when kSaclPresent is set
  ByteView dacl;   // likewise

  bool has_dacl() const { return (control & kDaclPresent) != 0; }
  bool has_sacl() const { return (control & kSaclPresent) != 0; }
};

// The parts of a self-relative descriptor of `bytes`. Nothing outside of them is read.
// Error: ERROR_INVALID_PARAMETER when it, or a part of it, is not well formed.
Result<Descriptor> parse(ByteView bytes);

// The parts of a descriptor of a caller, self-relative or absolute, whose size is only known from
// what it says itself: the memory that its SIDs and lists claim must be readable, and no more is
// read. `descriptor` is not null and need not be aligned.
// Error: ERROR_INVALID_PARAMETER as above.
Result<Descriptor> parse_callers(const void* descriptor);

// The parts as a self-relative descriptor.
std::vector<std::uint8_t> build(const Descriptor& parts);

// One entry of an access control list.
struct Entry {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t mask = 0;  // of kAccessAllowed and kAccessDenied only
  ByteView sid;            // likewise
};

// Calls `visit` for the entries of a well-formed list in their order, until it returns false.
void for_each_entry(ByteView acl, const std::function<bool(const Entry&)>& visit);

// Puts an access control list together.
class AclBuilder {
 public:
  AclBuilder();

  // Adds an entry that allows `sid` the rights.
  void allow(std::uint32_t mask, ByteView sid);
  // Adds copies of all entries of a well-formed list, which are effective here though they may have
  // been meant for objects below only.
  void add_all(ByteView acl);

  // The list. Error: ERROR_INVALID_PARAMETER when it has more than 65535 bytes.
  Result<std::vector<std::uint8_t>> take();

 private:
  void add(ByteView entry);

  std::vector<std::uint8_t> bytes_;
  std::uint32_t count_ = 0;
};

// Replaces the generic rights in the entries of a well-formed list by what `map` makes of the mask.
void map_masks(std::span<std::uint8_t> acl, const std::function<std::uint32_t(std::uint32_t)>& map);

}  // namespace ntms::security
