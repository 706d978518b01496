// SPDX-License-Identifier: MIT
// Holds the headers to the contract's tables: every size, offset, type and value is asserted when
// this file is compiled; the tests at run time show that no row of a table was left out.
#include <gtest/gtest.h>
#include <ntmsapi.h>
#include <ntmsmli.h>
#ifdef _WIN32
#include <winioctl.h>
#endif

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>

#include "tables.h"

namespace {

// The column of the table that holds for this build.
constexpr std::size_t pick(std::size_t x86, std::size_t x64) {
  static_assert(sizeof(void*) == 4 || sizeof(void*) == 8);
  return sizeof(void*) == 4 ? x86 : x64;
}

// Bytes a function's arguments take on the stack of 32-bit Windows.
template <class Return, class... Arguments>
constexpr std::size_t stack_bytes(Return(WINAPI*)(Arguments...)) {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are among the arguments.
  static_assert(((sizeof(Arguments) <= sizeof(void*)) && ...));
  return 4 * sizeof...(Arguments);
}

// The types of Windows that the structures are made of, which the tables take for granted.
static_assert(sizeof(LARGE_INTEGER) == 8 && alignof(LARGE_INTEGER) == 8);
static_assert(offsetof(LARGE_INTEGER, QuadPart) == 0 && offsetof(LARGE_INTEGER, u) == 0);
static_assert(sizeof(SYSTEMTIME) == 16 && alignof(SYSTEMTIME) == 2);
static_assert(offsetof(SYSTEMTIME, wDayOfWeek) == 4 && offsetof(SYSTEMTIME, wMilliseconds) == 14);
static_assert(sizeof(NTMS_GUID) == 16 && alignof(NTMS_GUID) == 4);
static_assert(sizeof(HANDLE) == sizeof(void*) && sizeof(WCHAR) == 2 && sizeof(BOOL) == 4);
static_assert(sizeof(SECURITY_ATTRIBUTES) == pick(12, 24));

// NOLINTBEGIN(bugprone-macro-parentheses): some arguments are parts of a type.
#define NTMS_FIELD(line, s, field, type, x86_offset, x86_size, x64_offset, x64_size) \
  static_assert(offsetof(s, field) == pick(x86_offset, x64_offset), #s "." #field);  \
  static_assert(sizeof(s::field) == pick(x86_size, x64_size), #s "." #field);        \
  static_assert(std::is_same_v<decltype(s::field), type>, #s "." #field);
#define NTMS_UNION(line, s, field, x86_offset, x86_size, x64_offset, x64_size)      \
  static_assert(offsetof(s, field) == pick(x86_offset, x64_offset), #s "." #field); \
  static_assert(sizeof(s::field) == pick(x86_size, x64_size), #s "." #field);       \
  static_assert(std::is_union_v<decltype(s::field)>, #s "." #field);
#define NTMS_TOTAL(line, s, tagged, x86_size, x86_alignment, x64_size, x64_alignment) \
  static_assert(sizeof(s) == pick(x86_size, x64_size), #s);                           \
  static_assert(alignof(s) == pick(x86_alignment, x64_alignment), #s);                \
  static_assert(std::is_same_v<s, tagged>, #s);
#define NTMS_ENUMERATOR(line, enumeration, name, value) \
  static_assert((name) == (value), #name);              \
  static_assert(std::is_same_v<decltype(name), enumeration>, #name);
#define NTMS_CONSTANT(line, group, name, value) static_assert((name) == (value), #name);
#define NTMS_NULL_GUID(line, name) static_assert(sizeof(NTMS_GUID) == 16);
#define NTMS_EXPORT_ROW(line, name, bytes, result, parameters)                       \
  static_assert(std::is_same_v<decltype(&name), result(WINAPI*) parameters>, #name); \
  static_assert(stack_bytes(decltype(&name){}) == (bytes), #name);
#define NTMS_SKIPPED(line, table, name, reason) static_assert(sizeof(reason) > 1);
// NOLINTEND(bugprone-macro-parentheses)
#include "contract_rows.inc"
#undef NTMS_FIELD
#undef NTMS_UNION
#undef NTMS_TOTAL
#undef NTMS_ENUMERATOR
#undef NTMS_CONSTANT
#undef NTMS_NULL_GUID
#undef NTMS_EXPORT_ROW
#undef NTMS_SKIPPED

// A row that was turned into assertions, or skipped for a reason.
struct Handled {
  const char* table;
  int line;
  const char* name;    // as the row spells it; for structures "structure.member"
  const char* reason;  // null: asserted
};

#define NTMS_FIELD(line, s, field, ...) {"structs", line, #s "." #field, nullptr},
#define NTMS_UNION(line, s, field, ...) {"structs", line, #s "." #field, nullptr},
#define NTMS_TOTAL(line, s, ...) {"structs", line, #s ".(total)", nullptr},
#define NTMS_ENUMERATOR(line, enumeration, name, value) {"enums", line, #name, nullptr},
#define NTMS_CONSTANT(line, group, name, value) {"enums", line, #name, nullptr},
#define NTMS_NULL_GUID(line, name) {"enums", line, #name, nullptr},
#define NTMS_EXPORT_ROW(line, name, ...) {"exports", line, #name, nullptr},
#define NTMS_SKIPPED(line, table, name, reason) {table, line, name, reason},
constexpr Handled kHandled[] = {
#include "contract_rows.inc"
};

// Compares one table with the rows handled; `name` makes the row's name of its cells.
template <class Name>
void expect_every_row_handled(const std::string& table, std::size_t expected_rows,
                              std::size_t expected_skips, Name name) {
  std::map<int, const Handled*> handled;
  std::size_t skipped = 0;
  for (const Handled& row : kHandled) {
    if (table == row.table) {
      EXPECT_TRUE(handled.emplace(row.line, &row).second) << table << ":" << row.line << " twice";
      skipped += row.reason != nullptr ? 1 : 0;
    }
  }
  const auto rows = ntms::contract_test::read_table(NTMS_CONTRACT_DIR "/" + table + ".tsv");
  EXPECT_EQ(rows.size(), expected_rows);
  EXPECT_EQ(handled.size(), expected_rows);
  EXPECT_EQ(skipped, expected_skips);
  for (const auto& row : rows) {
    const auto found = handled.find(row.line);
    ASSERT_NE(found, handled.end()) << table << ":" << row.line << " is not handled";
    const std::string expected = name(row);
    if (found->second->reason == nullptr) {
      EXPECT_EQ(found->second->name, expected) << table << ":" << row.line;
    } else {
      EXPECT_TRUE(expected.starts_with(found->second->name)) << table << ":" << row.line;
    }
  }
}

TEST(ContractTables, EveryStructureRowIsAssertedOrSkippedForAReason) {
  // Skipped: the five rows of a structure of the wire protocol.
  expect_every_row_handled("structs", 519, 5,
                           [](const auto& row) { return row.cells.at(0) + "." + row.cells.at(1); });
}

TEST(ContractTables, EveryConstantRowIsAssertedOrSkippedForAReason) {
  // Skipped: seven options no header defines, seven names without a value.
  expect_every_row_handled("enums", 390, 14, [](const auto& row) { return row.cells.at(1); });
}

TEST(ContractTables, EveryExportRowIsAsserted) {
  expect_every_row_handled("exports", 75, 0, [](const auto& row) { return row.cells.at(0); });
}

TEST(Types, TheHalvesOfALargeIntegerAreInItsOrder) {
  LARGE_INTEGER number{};
  number.QuadPart = -0x123456789A;
  EXPECT_EQ(number.u.LowPart, DWORD{0xCBA98766});
  EXPECT_EQ(number.u.HighPart, -0x13);
}

TEST(Types, TheInvalidHandleHasAllBitsSet) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(INVALID_HANDLE_VALUE), ~std::uintptr_t{0});
}

TEST(NullGuid, IsAllZeroAndRecognised) {
  NTMS_GUID guid = NTMS_NULLGUID;
  EXPECT_TRUE(NTMS_IS_NULLGUID(guid));
  auto* bytes = reinterpret_cast<unsigned char*>(&guid);
  for (std::size_t i = 0; i < sizeof guid; ++i) {
    EXPECT_EQ(bytes[i], 0) << "byte " << i;
    bytes[i] = 1;
    EXPECT_FALSE(NTMS_IS_NULLGUID(guid)) << "byte " << i;
    bytes[i] = 0;
  }
}

}  // namespace
