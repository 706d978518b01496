// SPDX-License-Identifier: MIT
// The map from the contract's error tables to the tests: every row has a test that exists, or a
// reason why there can be none. The files error_map*.tsv have the columns function, code,
// condition, and test ("Suite.Test", without the instantiation) or "n/a: reason".
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "conformance/named_tests.h"

namespace ntms::conformance {
namespace {

struct Row {
  const char* function;
  int code;
  const char* condition;
};

// The rows of the error tables (functions-session 1 and 2, functions-library-control 1, 4 and 8,
// functions-objects 1, 2, 4, 5 and 6), those marked OPEN that name a code, and the common codes of
// functions-library-control 0.1.
const Row kRows[] = {
    {"OpenNtmsSession", 0, "opened"},
    {"OpenNtmsSession", 5, "no USE on the computer"},
    {"OpenNtmsSession", 21, "service not started"},
    {"OpenNtmsSession", 87, "parameter not valid"},
    {"OpenNtmsSession", 1210, "server name malformed"},
    {"OpenNtmsSession", 1222, "no network"},
    {"OpenNtmsSession", 1817, "server older than client"},
    {"OpenNtmsSession", 2250, "cannot connect"},
    {"OpenNtmsSession", 4313, "database damaged"},
    {"CloseNtmsSession", 0, "closed"},
    {"CloseNtmsSession", 6, "no session"},
    {"CloseNtmsSession", 6, "second close"},
    {"CloseNtmsSession", 1201, "connection gone"},
    {"EjectNtmsMedia", 0, "started"},
    {"EjectNtmsMedia", 0, "stopped"},
    {"EjectNtmsMedia", 0, "added to the batch"},
    {"EjectNtmsMedia", 0, "forced"},
    {"EjectNtmsMedia", 5, "no CONTROL on the library"},
    {"EjectNtmsMedia", 6, "session"},
    {"EjectNtmsMedia", 8, "allocation failed"},
    {"EjectNtmsMedia", 87, "operation NULL"},
    {"EjectNtmsMedia", 87, "media id NULL"},
    {"EjectNtmsMedia", 87, "action above 3"},
    {"EjectNtmsMedia", 87, "NULL medium with no batch"},
    {"EjectNtmsMedia", 87, "NULL medium with several batches"},
    {"EjectNtmsMedia", 170, "batch larger than the port"},
    {"EjectNtmsMedia", 170, "mounted or opened"},
    {"EjectNtmsMedia", 170, "in use by another request"},
    {"EjectNtmsMedia", 170, "queued twice"},
    {"EjectNtmsMedia", 2250, "service unreachable"},
    {"EjectNtmsMedia", 21, "server not ready"},
    {"EjectNtmsMedia", 4300, "unknown medium"},
    {"EjectNtmsMedia", 4300, "no physical medium"},
    {"EjectNtmsMedia", 4305, "medium offline"},
    {"EjectNtmsMedia", 4305, "library not present"},
    {"EjectNtmsMedia", 4309, "drive disabled"},
    {"EjectNtmsMedia", 4313, "database"},
    {"EjectNtmsMedia", 4314, "database full"},
    {"EjectNtmsMedia", 4316, "library without port"},
    {"EjectNtmsMedia", 4317, "stop of what is no running eject"},
    {"EjectNtmsMedia", 4317, "stop of a finished eject"},
    {"EjectNtmsMedia", 4318, "medium disabled"},
    {"EjectNtmsMedia", 4319, "library disabled"},
    {"EjectNtmsMedia", 4330, "found mounted at run time"},
    {"EjectNtmsMedia", 4341, "port occupied until the time-out"},
    {"InventoryNtmsLibrary", 0, "marked"},
    {"InventoryNtmsLibrary", 0, "stopped"},
    {"InventoryNtmsLibrary", 0, "stop without a running one"},
    {"InventoryNtmsLibrary", 5, "no CONTROL on the library"},
    {"InventoryNtmsLibrary", 6, "session"},
    {"InventoryNtmsLibrary", 8, "allocation failed"},
    {"InventoryNtmsLibrary", 87, "library NULL"},
    {"InventoryNtmsLibrary", 87, "bad action"},
    {"InventoryNtmsLibrary", 2250, "service unreachable"},
    {"InventoryNtmsLibrary", 4301, "offline library"},
    {"InventoryNtmsLibrary", 4301, "unknown id"},
    {"InventoryNtmsLibrary", 4309, "library disabled"},
    {"InventoryNtmsLibrary", 4313, "database"},
    {"InventoryNtmsLibrary", 4314, "database full"},
    {"InventoryNtmsLibrary", 4319, "library not connected"},
    {"CancelNtmsLibraryRequest", 0, "cancelled"},
    {"CancelNtmsLibraryRequest", 0, "waits for the operator"},
    {"CancelNtmsLibraryRequest", 5, "no CONTROL on the library"},
    {"CancelNtmsLibraryRequest", 5, "being executed"},
    {"CancelNtmsLibraryRequest", 6, "session"},
    {"CancelNtmsLibraryRequest", 8, "allocation failed"},
    {"CancelNtmsLibraryRequest", 87, "request NULL"},
    {"CancelNtmsLibraryRequest", 4312, "unknown id"},
    {"CancelNtmsLibraryRequest", 4312, "already finished"},
    {"CancelNtmsLibraryRequest", 4313, "database"},
    {"CancelNtmsLibraryRequest", 4314, "database full"},
    {"EnableNtmsObject", 0, "queued"},
    {"EnableNtmsObject", 5, "access"},
    {"EnableNtmsObject", 6, "session"},
    {"EnableNtmsObject", 87, "id missing"},
    {"EnableNtmsObject", 87, "type"},
    {"EnableNtmsObject", 4305, "offline library"},
    {"EnableNtmsObject", 4312, "id not valid"},
    {"EnableNtmsObject", 4313, "database"},
    {"EnableNtmsObject", 5023, "already enabled"},
    {"DisableNtmsObject", 0, "queued"},
    {"DisableNtmsObject", 5, "access"},
    {"DisableNtmsObject", 6, "session"},
    {"DisableNtmsObject", 87, "id missing"},
    {"DisableNtmsObject", 87, "type"},
    {"DisableNtmsObject", 4305, "offline library"},
    {"DisableNtmsObject", 4312, "id not valid"},
    {"DisableNtmsObject", 4313, "database"},
    {"DisableNtmsObject", 5023, "already disabled"},
    {"EnumerateNtmsObject", 0, "done"},
    {"EnumerateNtmsObject", 0, "none found"},
    {"EnumerateNtmsObject", 5, "access"},
    {"EnumerateNtmsObject", 6, "session"},
    {"EnumerateNtmsObject", 8, "memory"},
    {"EnumerateNtmsObject", 87, "size NULL"},
    {"EnumerateNtmsObject", 87, "container not valid for the type"},
    {"EnumerateNtmsObject", 87, "type not valid"},
    {"EnumerateNtmsObject", 87, "list NULL with a capacity"},
    {"EnumerateNtmsObject", 87, "options not valid"},
    {"EnumerateNtmsObject", 122, "more objects than capacity"},
    {"EnumerateNtmsObject", 4312, "container unknown"},
    {"GetNtmsObjectInformation", 0, "done"},
    {"GetNtmsObjectInformation", 5, "access"},
    {"GetNtmsObjectInformation", 6, "session"},
    {"GetNtmsObjectInformation", 8, "memory"},
    {"GetNtmsObjectInformation", 87, "id or structure missing"},
    {"GetNtmsObjectInformation", 87, "size not valid"},
    {"GetNtmsObjectInformation", 87, "type not valid"},
    {"GetNtmsObjectInformation", 4312, "no such object"},
    {"SetNtmsObjectInformation", 0, "stored"},
    {"SetNtmsObjectInformation", 5, "right missing"},
    {"SetNtmsObjectInformation", 6, "session"},
    {"SetNtmsObjectInformation", 8, "memory"},
    {"SetNtmsObjectInformation", 87, "id or structure missing"},
    {"SetNtmsObjectInformation", 87, "size or type not valid"},
    {"SetNtmsObjectInformation", 87, "value not valid"},
    {"SetNtmsObjectInformation", 4312, "no such object"},
    {"SetNtmsObjectInformation", 4313, "database"},
    {"SetNtmsObjectInformation", 4314, "database full"},
#include "conformance/error_rows_drives.inc"
#include "conformance/error_rows_media.inc"
#include "conformance/error_rows_movement.inc"
#include "conformance/error_rows_requests.inc"
#include "conformance/error_rows_security.inc"
};

using Key = std::string;

Key key_of(const std::string& function, int code, const std::string& condition) {
  return function + " " + std::to_string(code) + " " + condition;
}

std::multimap<Key, std::string> read_map() {
  std::multimap<Key, std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(NTMS_ERROR_MAPS)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("error_map") || entry.path().extension() != ".tsv") continue;
    for (const auto& row : read_columns(entry.path(), 4)) {
      result.emplace(key_of(row[0], std::stoi(row[1]), row[2]), row[3]);
    }
  }
  return result;
}

TEST(ErrorMap, EveryRowHasATest) {
  const auto map = read_map();
  for (const Row& row : kRows) {
    EXPECT_EQ(map.count(key_of(row.function, row.code, row.condition)), 1U)
        << row.function << ' ' << row.code << ": " << row.condition;
  }
  EXPECT_EQ(map.size(), std::size(kRows)) << "rows that the tables do not have";
}

TEST(ErrorMap, EveryTestNamedExists) {
  const auto tests = tests_of(NTMS_TEST_PROGRAMS);
  ASSERT_GT(tests.size(), 50U) << "the programs list no tests";
  for (const auto& [key, test] : read_map()) {
    if (test.starts_with("n/a: ")) {
      EXPECT_GT(test.size(), 12U) << key << " lacks a reason";
      continue;
    }
    EXPECT_TRUE(tests.contains(test)) << key << ": no test " << test;
  }
}

}  // namespace
}  // namespace ntms::conformance
