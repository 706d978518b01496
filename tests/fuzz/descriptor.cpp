// SPDX-License-Identifier: MIT
// Any bytes as a self-relative security descriptor.
#include "security/descriptor.h"

#include <algorithm>
#include <cstring>

#include "corpus/describe.h"
#include "fuzz/check.h"

namespace {

using namespace ntms;
using namespace ntms::fuzz;
using security::Descriptor;

bool same(Bytes a, Bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool same(const Descriptor& a, const Descriptor& b) {
  return a.control == b.control && same(a.owner, b.owner) && same(a.group, b.group) &&
         same(a.sacl, b.sacl) && same(a.dacl, b.dacl);
}

void check_list(Bytes acl) {
  for (const bool all : {true, false}) {
    security::for_each_entry(acl, [&](const security::Entry& entry) {
      check(inside(entry.sid, acl), "a SID is a part of its list");
      check(entry.type > security::kAccessDenied || entry.sid.size() >= 8, "grants have a SID");
      return all;
    });
  }
  Buffer mapped = part_of(acl, acl.size());
  security::map_masks(mapped, [](std::uint32_t mask) { return mask; });
  check(same(mapped, acl), "the same masks are the same list");

  security::AclBuilder builder;
  builder.add_all(acl);
  const auto copy = builder.take();
  if (!copy) return;
  Descriptor parts;
  parts.control = security::kDaclPresent;
  parts.dacl = *copy;
  check(security::parse(security::build(parts)).has_value(), "a copy is well formed");
}

// The same parts in the form with pointers.
void check_absolute(const Descriptor& parts) {
  alignas(void*) std::uint8_t bytes[5 * sizeof(void*)] = {1, 0};
  std::memcpy(bytes + 2, &parts.control, sizeof parts.control);
  const Bytes all[] = {parts.owner, parts.group, parts.sacl, parts.dacl};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint8_t* part = all[i].empty() ? nullptr : all[i].data();
    std::memcpy(bytes + sizeof(void*) * (i + 1), &part, sizeof part);
  }
  const auto read = security::parse_callers(bytes);
  check(read && same(*read, parts), "the absolute form has the same parts");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  check(!corpus::describe("descriptor", bytes).empty(), "there is always an answer");
  const auto parts = security::parse(bytes);
  if (!parts) return 0;
  for (const Bytes part : {parts->owner, parts->group, parts->sacl, parts->dacl}) {
    check(inside(part, bytes), "a part lies within the descriptor");
  }
  const Buffer built = security::build(*parts);
  const auto again = security::parse(built);
  check(again && same(*again, *parts), "what was built is what is read");
  check(security::build(*again) == built, "built twice it is the same");
  // A caller's descriptor tells its own size: one that was checked is read to the same end.
  const auto callers = security::parse_callers(data);
  check(callers && same(*callers, *parts), "a caller's descriptor has the same parts");
  check_list(parts->sacl);
  check_list(parts->dacl);
  check_absolute(*parts);
  return 0;
}
