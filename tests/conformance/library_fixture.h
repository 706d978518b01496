// SPDX-License-Identifier: MIT
// A data directory and one or more libraries of its own for each test, a session, and the questions
// the tests ask.
#pragma once

#include <gtest/gtest.h>
#include <ntmsapi.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/backend.h"
#include "conformance/rsm_client.h"
#include "support/program.h"
#include "support/system.h"
#include "support/wide.h"

namespace ntms::conformance {

// A data directory of its own, named in NTMS_DATA; without devices. What a test leaves unfinished
// ends with it: the detached host is not started.
class DataDirectoryTest : public ::testing::Test {
 protected:
  DataDirectoryTest();
  ~DataDirectoryTest() override;

  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path data() const { return directory_ / "data"; }
  std::filesystem::path database() const { return data() / "ntms.db"; }

  // Names the libraries of the sessions to come, each by its URI.
  static void set_devices(const std::vector<std::string>& uris);

  // Runs statements on the database in another process; the rows it prints.
  std::string sql(const std::string& statements) const;

  // Starts the worker program (integration/worker.cpp) on this data directory.
  std::unique_ptr<test::Program> worker() const;

  // Lets any user use the data directory and what is in it.
  void open_to_everybody() const;

 private:
  std::filesystem::path directory_;
};

// Looks every few milliseconds whether a condition has come true; false when it has not within the
// limit.
bool wait_until(const std::function<bool()>& condition,
                std::chrono::milliseconds limit = std::chrono::seconds(20));

// One row of the change log: what a notification channel of that type reports.
struct Change {
  DWORD operation = 0;
  DWORD type = 0;
  Id object;
  friend bool operator==(const Change&, const Change&) = default;
};
std::string describe(const std::vector<Change>& changes);

enum class Robot { emulator, tgt };

class LibraryTest : public DataDirectoryTest {
 protected:
  ~LibraryTest() override;

  // Makes the library and names it in NTMS_DEVICES. No session yet.
  void create(const LibraryShape& shape = {}, Robot robot = Robot::emulator);
  // Takes a library that has been made already, and names it likewise.
  void use(std::unique_ptr<Backend> robot);
  // A second library beside it, on the emulator.
  EmulatorBackend& create_another(const LibraryShape& shape);
  // Opens the session and waits until the libraries are ready and inventoried.
  void open();
  void start(const LibraryShape& shape = {}, Robot robot = Robot::emulator) {
    create(shape, robot);
    open();
  }
  // Closes the session, changes the database, and opens again.
  void reopen_with(const std::string& statements);

  Backend& robot() { return *robot_; }
  EmulatorBackend& emulator() { return dynamic_cast<EmulatorBackend&>(*robot_); }
  Rsm& rsm() { return rsm_; }
  HANDLE session() const { return rsm_.handle(); }

  const Id& library() const { return library_; }
  Id offline_library() const;
  Info library_info() const { return rsm_.get(library_, NTMS_LIBRARY); }
  bool library_ready(const Id& id) const;

  // The elements of the library in the order of their numbers.
  std::vector<Info> elements(DWORD type) const { return elements(type, library_); }
  std::vector<Info> elements(DWORD type, const Id& of) const;
  Info slot(unsigned index) const { return elements(NTMS_STORAGESLOT).at(index); }
  Info port(unsigned index) const { return elements(NTMS_IEPORT).at(index); }
  Info drive(unsigned index) const { return elements(NTMS_DRIVE).at(index); }

  // The medium that started in slot `index`, remembered even when it is gone.
  Id medium(unsigned index) const { return media_.at(robot_->bar_code(index)); }
  // The medium with this bar code now; the null id when there is none, or several.
  Id medium_with(const std::string& bar_code) const;
  NTMS_PMIDINFORMATIONW media_info(const Id& id) const {
    return rsm_.get(id, NTMS_PHYSICAL_MEDIA).Info.PhysicalMedia;
  }
  bool is_in_slot(const Id& id, unsigned index) const;
  Id side_of(const Id& medium_id) const;

  void set_time_out(unsigned seconds, unsigned port_index = 0);

  // Starts an eject; a failure is a test failure. Returns the operation.
  Id start_eject(const Id& medium_id, DWORD action = NTMS_EJECT_START);
  bool wait_for_state(const Id& request, DWORD state);
  bool wait_for_end(const Id& request);
  // Until the medium is in the port and the port stands open for the operator.
  bool wait_for_extended(const Id& medium_id);
  // The port the medium is recorded in; -1 when it is in none.
  int port_of(const Id& medium_id) const;
  // The operator takes it from there.
  void take(const Id& medium_id);
  // The request that is about this medium and unfinished; the null id when there is none.
  Id unfinished_request_of(const Id& medium_id) const;
  // All open requests of the server to a person about a device.
  std::vector<NTMS_OPREQUESTINFORMATIONW> service_requests(bool open_only = true) const;

  std::vector<Change> changes(long long after = 0) const;
  long long last_change() const;

  // Every slot, drive and port, and every medium of the library, as the robot has it.
  ::testing::AssertionResult agree();
  // Waits for it: the last look of the engine may be a moment ago.
  ::testing::AssertionResult agree_soon();

  // Requests and media as text, for failures.
  std::string picture() const;

 private:
  std::unique_ptr<Backend> robot_;
  std::vector<std::unique_ptr<EmulatorBackend>> others_;
  Rsm rsm_;
  Id library_;
  std::map<std::string, Id> media_;
};

// The same tests on each robot.
class RobotTest : public LibraryTest, public ::testing::WithParamInterface<Robot> {
 protected:
  void start(const LibraryShape& shape = {}) { LibraryTest::start(shape, GetParam()); }
};

inline std::string robot_name(const ::testing::TestParamInfo<Robot>& info) {
  return info.param == Robot::emulator ? "emulator" : "tgt";
}

}  // namespace ntms::conformance

// Every test of a RobotTest class on the emulator and, on Linux, on the changer over iSCSI.
#ifdef _WIN32
#define NTMS_ROBOTS ::testing::Values(::ntms::conformance::Robot::emulator)
#else
#define NTMS_ROBOTS \
  ::testing::Values(::ntms::conformance::Robot::emulator, ::ntms::conformance::Robot::tgt)
#endif
#define NTMS_ON_BOTH_ROBOTS(suite) \
  INSTANTIATE_TEST_SUITE_P(On, suite, NTMS_ROBOTS, ::ntms::conformance::robot_name)
