// SPDX-License-Identifier: MIT
// What the tests of single transitions share: every change of a state is remembered, also one that
// is followed by another in the same transaction.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {

class StatesTest : public MovementOnEmulator {
 protected:
  // Whose states are remembered: the names of state_map.tsv, and "library" and "drive" for
  // "device".
  struct Kind {
    const char* name;
    const char* table;
    const char* column;
  };
  static constexpr Kind kSlots{"slot", "slot", "state"};
  static constexpr Kind kDoors{"door", "door", "state"};
  static constexpr Kind kPositions{"port_position", "port", "position"};
  static constexpr Kind kContents{"port_content", "port", "content"};
  static constexpr Kind kRequests{"library_request", "library_request", "state"};
  static constexpr Kind kLibraries{"library", "library", "operational_state"};
  static constexpr Kind kDrives{"drive", "drive", "operational_state"};

  // Makes the database and begins to remember; before the library is named for the first time.
  void watch() {
    Rsm first = Rsm::open();
    ASSERT_TRUE(first.is_open());
    ASSERT_EQ(first.close(), ERROR_SUCCESS);
    sql("CREATE TABLE step(kind TEXT, object BLOB, before INTEGER, after INTEGER)");
    for (const Kind& kind :
         {kSlots, kDoors, kPositions, kContents, kRequests, kLibraries, kDrives}) {
      const std::string column = kind.column;
      sql("CREATE TRIGGER step_" + std::string(kind.name) + " AFTER UPDATE OF " + column + " ON " +
          kind.table + " WHEN old." + column + "<>new." + column +
          " BEGIN INSERT INTO step VALUES('" + kind.name + "', new.guid, old." + column + ", new." +
          column + "); END");
    }
  }
  void start_watched(const LibraryShape& shape = {}) {
    ASSERT_NO_FATAL_FAILURE(watch());
    ASSERT_NO_FATAL_FAILURE(start(shape));
  }
  // Forgets what has been remembered.
  void forget() { sql("DELETE FROM step"); }

  // How often an object of a kind went from one state to the other.
  unsigned steps(const Kind& kind, DWORD before, DWORD after) const {
    return static_cast<unsigned>(std::stoul(
        sql("SELECT count(*) FROM step WHERE kind='" + std::string(kind.name) +
            "' AND before=" + std::to_string(before) + " AND after=" + std::to_string(after))));
  }
  bool wait_for_steps(unsigned count, const Kind& kind, DWORD before, DWORD after) {
    return wait_until([&] { return steps(kind, before, after) >= count; });
  }
  // The states an object went through, beginning with the first.
  std::vector<DWORD> course(const Kind& kind, const Id& object) const {
    std::istringstream rows(sql("SELECT before, after FROM step WHERE kind='" +
                                std::string(kind.name) + "' AND object=X'" + object.hex() +
                                "' ORDER BY rowid"));
    std::vector<DWORD> states;
    DWORD before = 0;
    DWORD after = 0;
    while (rows >> before >> after) {
      if (states.empty()) states.push_back(before);
      states.push_back(after);
    }
    return states;
  }

  // Opens a session again without waiting for the library.
  void reopen() {
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    rsm() = Rsm::open();
    ASSERT_TRUE(rsm().is_open());
  }
  void inventory() {
    ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  }
  DWORD slot_state(unsigned index) { return slot(index).Info.StorageSlot.State; }
  DWORD position() { return port(0).Info.IEPort.Position; }
  DWORD content(unsigned index) { return port(index).Info.IEPort.Content; }
};

}  // namespace ntms::conformance
