// SPDX-License-Identifier: MIT
#include "conformance/library_fixture.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace ntms::conformance {
namespace fs = std::filesystem;

DataDirectoryTest::DataDirectoryTest() {
  directory_ = test::make_temporary_directory("ntms");
  fs::create_directory(data());
  test::set_environment("NTMS_DATA", data().string());
  test::set_environment("NTMS_RSM", (directory_ / "no-such-program").string());
  // Where a test does not say otherwise, media stay as they were found.
  test::set_environment("NTMS_IDENTIFY", "no");
  set_devices({});
}

DataDirectoryTest::~DataDirectoryTest() {
  if (HasFailure()) {
    // What the engine has to say about it: the end of its log.
    std::ifstream log(data() / "ntms.log");
    std::deque<std::string> lines;
    for (std::string line; std::getline(log, line); lines.push_back(line)) {
      if (lines.size() == 25) lines.pop_front();
    }
    for (const std::string& line : lines) std::fprintf(stderr, "ntms.log: %s\n", line.c_str());
  }
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void DataDirectoryTest::set_devices(const std::vector<std::string>& uris) {
  std::string list;
  for (const std::string& uri : uris) list += (list.empty() ? "" : " ") + uri;
  test::set_environment("NTMS_DEVICES", list.empty() ? std::nullopt : std::optional(list));
}

std::string DataDirectoryTest::sql(const std::string& statements) const {
  return test::run_program({test::program_beside("ntms_sql"), database().string(), statements});
}

std::unique_ptr<test::Program> DataDirectoryTest::worker() const {
  return std::make_unique<test::Program>(
      std::vector<std::string>{test::program_beside("ntms_worker")});
}

void DataDirectoryTest::open_to_everybody() const {
  fs::permissions(directory_, fs::perms::all);
  for (const auto& entry : fs::recursive_directory_iterator(directory_)) {
    if (entry.is_directory()) {
      fs::permissions(entry, fs::perms::all);
    } else if (entry.is_regular_file()) {
      fs::permissions(entry, fs::perms(0666));
    }
  }
}

bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (condition()) return true;
    if (::testing::Test::HasFatalFailure()) return false;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // between two looks
  }
}

std::string describe(const std::vector<Change>& changes) {
  std::ostringstream out;
  for (const Change& change : changes) {
    out << "\n  operation " << change.operation << " type " << change.type << ' '
        << change.object.hex();
  }
  return out.str();
}

LibraryTest::~LibraryTest() {
  // Nothing may be left to do: the robot goes away with the test.
  rsm_.close();
}

void LibraryTest::create(const LibraryShape& shape, Robot robot) {
  if (robot == Robot::emulator) {
    use(std::make_unique<EmulatorBackend>(directory() / "library.emu", shape));
  } else {
#ifdef _WIN32
    throw std::invalid_argument("tgt is a program for Linux");
#else
    use(make_tgt_backend(shape));
#endif
  }
}

void LibraryTest::use(std::unique_ptr<Backend> robot) {
  robot_ = std::move(robot);
  set_devices({robot_->uri()});
}

EmulatorBackend& LibraryTest::create_another(const LibraryShape& shape) {
  const std::string name = "library" + std::to_string(others_.size() + 2) + ".emu";
  others_.push_back(std::make_unique<EmulatorBackend>(directory() / name, shape));
  std::vector<std::string> uris{robot_->uri()};
  for (const auto& other : others_) uris.push_back(other->uri());
  set_devices(uris);
  return *others_.back();
}

bool LibraryTest::library_ready(const Id& id) const {
  const Info info = rsm_.get(id, NTMS_LIBRARY);
  if (info.dwOperationalState != NTMS_READY) return false;
  for (const Id& slot_id : rsm_.list(NTMS_STORAGESLOT, id)) {
    const DWORD state = rsm_.get(slot_id, NTMS_STORAGESLOT).Info.StorageSlot.State;
    if (state != NTMS_SLOTSTATE_FULL && state != NTMS_SLOTSTATE_EMPTY) return false;
  }
  return true;
}

void LibraryTest::open() {
  rsm_ = Rsm::open();
  ASSERT_TRUE(rsm_.is_open());
  const std::size_t wanted = 1 + others_.size();
  std::vector<Id> found;
  const bool ready = wait_until([&] {
    found.clear();
    for (const Id& id : rsm_.list(NTMS_LIBRARY)) {
      if (rsm_.get(id, NTMS_LIBRARY).Info.Library.LibraryType == NTMS_LIBRARYTYPE_ONLINE) {
        found.push_back(id);
      }
    }
    return found.size() == wanted &&
           std::all_of(found.begin(), found.end(), [&](const Id& id) { return library_ready(id); });
  });
  ASSERT_TRUE(ready) << "the library does not become ready" << picture();
  // Which of several is the one of robot(): it has the medium of its first slot.
  library_ = found.front();
  if (found.size() > 1) {
    const Id first = medium_with(robot_->bar_code(0));
    ASSERT_FALSE(first.is_null());
    library_ = media_info(first).CurrentLibrary;
  }
  // A library known from an earlier session is looked at anew.
  ASSERT_TRUE(agree_soon());
  for (const Id& id : rsm_.list(NTMS_PHYSICAL_MEDIA)) {
    media_[text(media_info(id).szBarCode)] = id;
  }
}

void LibraryTest::reopen_with(const std::string& statements) {
  ASSERT_EQ(rsm_.close(), ERROR_SUCCESS);
  sql(statements);
  open();
}

Id LibraryTest::offline_library() const {
  for (const Id& id : rsm_.list(NTMS_LIBRARY)) {
    if (rsm_.get(id, NTMS_LIBRARY).Info.Library.LibraryType == NTMS_LIBRARYTYPE_OFFLINE) return id;
  }
  ADD_FAILURE() << "no offline library";
  return {};
}

std::vector<Info> LibraryTest::elements(DWORD type, const Id& of) const {
  std::vector<Info> result;
  for (const Id& id : rsm_.list(type, of)) result.push_back(rsm_.get(id, type));
  const auto number = [type](const Info& info) {
    if (type == NTMS_STORAGESLOT) return info.Info.StorageSlot.Number;
    if (type == NTMS_IEPORT) return info.Info.IEPort.Number;
    return info.Info.Drive.Number;
  };
  std::sort(result.begin(), result.end(),
            [&](const Info& a, const Info& b) { return number(a) < number(b); });
  return result;
}

Id LibraryTest::medium_with(const std::string& bar_code) const {
  Id result;
  for (const Id& id : rsm_.list(NTMS_PHYSICAL_MEDIA)) {
    const auto info = rsm_.find(id, NTMS_PHYSICAL_MEDIA);
    if (!info || text(info->Info.PhysicalMedia.szBarCode) != bar_code) continue;
    if (!result.is_null()) return {};
    result = id;
  }
  return result;
}

bool LibraryTest::is_in_slot(const Id& id, unsigned index) const {
  const auto info = rsm_.find(id, NTMS_PHYSICAL_MEDIA);
  return info && info->Info.PhysicalMedia.LocationType == NTMS_STORAGESLOT &&
         Id(info->Info.PhysicalMedia.Location) == Id(slot(index).ObjectGuid);
}

Id LibraryTest::side_of(const Id& medium_id) const {
  const auto sides = rsm_.list(NTMS_PARTITION, medium_id);
  EXPECT_EQ(sides.size(), 1U);
  return sides.empty() ? Id{} : sides.front();
}

void LibraryTest::set_time_out(unsigned seconds, unsigned port_index) {
  Info info = port(port_index);
  info.dwSize = sizeof info;
  info.Info.IEPort.MaxExtendSecs = static_cast<WORD>(seconds);
  ASSERT_EQ(rsm_.set(info), ERROR_SUCCESS);
}

Id LibraryTest::start_eject(const Id& medium_id, DWORD action) {
  Id operation;
  EXPECT_EQ(rsm_.eject(medium_id, action, &operation), ERROR_SUCCESS) << picture();
  return operation;
}

bool LibraryTest::wait_for_state(const Id& request, DWORD state) {
  const bool reached = wait_until([&] { return rsm_.state(request) == state; });
  EXPECT_TRUE(reached) << "request " << request.hex() << " does not reach state " << state
                       << picture();
  return reached;
}

bool LibraryTest::wait_for_end(const Id& request) {
  const bool ended = wait_until([&] {
    const DWORD state = rsm_.state(request);
    return state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS && state != NTMS_LM_WAITING;
  });
  EXPECT_TRUE(ended) << "request " << request.hex() << " does not end" << picture();
  return ended;
}

int LibraryTest::port_of(const Id& medium_id) const {
  const auto info = rsm_.find(medium_id, NTMS_PHYSICAL_MEDIA);
  if (!info || info->Info.PhysicalMedia.LocationType != NTMS_IEPORT) return -1;
  const Id library_id = info->Info.PhysicalMedia.CurrentLibrary;
  const auto ports = elements(NTMS_IEPORT, library_id);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (Id(ports[i].ObjectGuid) == Id(info->Info.PhysicalMedia.Location)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

bool LibraryTest::wait_for_extended(const Id& medium_id) {
  const bool extended = wait_until([&] {
    const int index = port_of(medium_id);
    return index >= 0 &&
           port(static_cast<unsigned>(index)).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED;
  });
  EXPECT_TRUE(extended) << "medium " << medium_id.hex() << " does not come out" << picture();
  return extended;
}

void LibraryTest::take(const Id& medium_id) {
  const int index = port_of(medium_id);
  ASSERT_GE(index, 0) << "the medium is in no port" << picture();
  robot_->take(static_cast<unsigned>(index));
}

Id LibraryTest::unfinished_request_of(const Id& medium_id) const {
  for (const Id& id : rsm_.list(NTMS_LIBREQUEST)) {
    const auto info = rsm_.find(id, NTMS_LIBREQUEST);
    if (!info || !(Id(info->Info.LibRequest.PhysMediaId) == medium_id)) continue;
    const DWORD state = info->Info.LibRequest.State;
    if (state == NTMS_LM_QUEUED || state == NTMS_LM_INPROCESS || state == NTMS_LM_WAITING) {
      return id;
    }
  }
  return {};
}

std::vector<NTMS_OPREQUESTINFORMATIONW> LibraryTest::service_requests(bool open_only) const {
  std::vector<NTMS_OPREQUESTINFORMATIONW> result;
  for (const Id& id : rsm_.list(NTMS_OPREQUEST)) {
    const auto info = rsm_.find(id, NTMS_OPREQUEST);
    if (!info || info->Info.OpRequest.Request != NTMS_OPREQ_DEVICESERVICE) continue;
    const DWORD state = info->Info.OpRequest.State;
    const bool answered = state == NTMS_OPSTATE_COMPLETE || state == NTMS_OPSTATE_REFUSED;
    if (!open_only || !answered) result.push_back(info->Info.OpRequest);
  }
  return result;
}

std::vector<Change> LibraryTest::changes(long long after) const {
  std::vector<Change> result;
  std::istringstream rows(sql("SELECT operation, type, guid FROM change WHERE sequence>" +
                              std::to_string(after) + " ORDER BY sequence"));
  Change change;
  for (std::string guid; rows >> change.operation >> change.type >> guid;) {
    change.object = parse_id(guid);
    result.push_back(change);
  }
  return result;
}

long long LibraryTest::last_change() const {
  return std::stoll(sql("SELECT coalesce(max(sequence), 0) FROM change"));
}

::testing::AssertionResult LibraryTest::agree() {
  const std::vector<Element> truth = robot_->truth();
  const auto at = [&](unsigned type, std::size_t index) {
    return std::find_if(truth.begin(), truth.end(), [&](const Element& element) {
      return element.type == type && element.index == index;
    });
  };
  std::map<Id, Element> by_place;  // of the elements a medium can be in
  const auto fail = [&](const std::string& what) {
    return ::testing::AssertionFailure() << what << picture();
  };
  const auto slots = elements(NTMS_STORAGESLOT);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto seen = at(kSlot, i);
    if (seen == truth.end()) return fail("the robot has no slot " + std::to_string(i));
    const DWORD wanted = seen->full ? NTMS_SLOTSTATE_FULL : NTMS_SLOTSTATE_EMPTY;
    if (slots[i].Info.StorageSlot.State != wanted) {
      return fail("slot " + std::to_string(i) + " has state " +
                  std::to_string(slots[i].Info.StorageSlot.State));
    }
    by_place[slots[i].ObjectGuid] = *seen;
  }
  const auto ports = elements(NTMS_IEPORT);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const auto seen = at(kPort, i);
    if (seen == truth.end()) return fail("the robot has no port " + std::to_string(i));
    const DWORD wanted = seen->full ? NTMS_PORTCONTENT_FULL : NTMS_PORTCONTENT_EMPTY;
    if (ports[i].Info.IEPort.Content != wanted) {
      return fail("port " + std::to_string(i) + " has content " +
                  std::to_string(ports[i].Info.IEPort.Content));
    }
    by_place[ports[i].ObjectGuid] = *seen;
  }
  const auto drives = elements(NTMS_DRIVE);
  for (std::size_t i = 0; i < drives.size(); ++i) {
    const auto seen = at(kDrive, i);
    if (seen == truth.end()) return fail("the robot has no drive " + std::to_string(i));
    const bool empty = drives[i].Info.Drive.State == NTMS_DRIVESTATE_DISMOUNTED;
    if (empty == seen->full) {
      return fail("drive " + std::to_string(i) + " has state " +
                  std::to_string(drives[i].Info.Drive.State));
    }
    by_place[drives[i].ObjectGuid] = *seen;
  }
  std::map<Id, int> occupied;
  for (const Id& id : rsm_.list(NTMS_PHYSICAL_MEDIA, library_)) {
    const auto info = rsm_.find(id, NTMS_PHYSICAL_MEDIA);
    if (!info) continue;
    const auto& medium_info = info->Info.PhysicalMedia;
    const auto place = by_place.find(Id(medium_info.Location));
    const std::string bar_code = text(medium_info.szBarCode);
    if (place == by_place.end()) return fail("medium " + bar_code + " is nowhere");
    if (!place->second.full || place->second.bar_code != bar_code) {
      return fail("medium " + bar_code + " is not where it is recorded");
    }
    if (++occupied[place->first] > 1) return fail("two media are in the place of " + bar_code);
  }
  for (const auto& [place, element] : by_place) {
    if (element.full && element.type != kPort && occupied[place] != 1) {
      return fail("nobody knows the medium " + element.bar_code);
    }
  }
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult LibraryTest::agree_soon() {
  ::testing::AssertionResult result = agree();
  if (!result) wait_until([&] { return static_cast<bool>(result = agree()); });
  return result;
}

std::string LibraryTest::picture() const {
  std::ostringstream out;
  if (!rsm_.is_open()) return {};
  for (const Id& id : rsm_.list(NTMS_LIBRARY)) {
    const auto info = rsm_.find(id, NTMS_LIBRARY);
    if (!info) continue;
    out << "\n  library " << id.hex() << " '" << text(info->szName) << "' type "
        << info->Info.Library.LibraryType << " operational " << info->dwOperationalState
        << " enabled " << info->Enabled << " media " << info->Info.Library.dwNumberOfMedia;
  }
  for (const Id& id : rsm_.list(NTMS_LIBREQUEST)) {
    const auto info = rsm_.find(id, NTMS_LIBREQUEST);
    if (!info) continue;
    const auto& request = info->Info.LibRequest;
    out << "\n  request " << id.hex() << " operation " << request.OperationCode << '/'
        << request.OperationOption << " state " << request.State << " error " << request.dwErrorCode
        << " medium " << Id(request.PhysMediaId).hex();
  }
  for (const Id& id : rsm_.list(NTMS_PHYSICAL_MEDIA)) {
    const auto info = rsm_.find(id, NTMS_PHYSICAL_MEDIA);
    if (!info) continue;
    const auto& medium_info = info->Info.PhysicalMedia;
    out << "\n  medium " << id.hex() << " '" << text(medium_info.szBarCode) << "' state "
        << medium_info.MediaState << " in " << medium_info.LocationType << ' '
        << Id(medium_info.Location).hex();
  }
  for (const DWORD type : {NTMS_IEPORT, NTMS_DRIVE, NTMS_STORAGESLOT}) {
    for (const Id& id : rsm_.list(type)) {
      const auto info = rsm_.find(id, type);
      if (!info) continue;
      if (type == NTMS_IEPORT) {
        out << "\n  port " << id.hex() << " content " << info->Info.IEPort.Content << " position "
            << info->Info.IEPort.Position;
      } else if (type == NTMS_DRIVE) {
        out << "\n  drive " << id.hex() << " state " << info->Info.Drive.State;
      } else {
        out << "\n  slot " << id.hex() << " state " << info->Info.StorageSlot.State;
      }
    }
  }
  return out.str();
}

}  // namespace ntms::conformance
