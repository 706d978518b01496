// SPDX-License-Identifier: MIT
// A program for Windows with a tape library behind the system's pass-through: \\.\Changer0 and its
// drives. It loads ntmsapi.dll as an application would and speaks only the C ABI. Its operator is
// whoever runs it: a line "operator: WORDS" on standard output asks for something, lines on
// standard input answer, the last one being "done".
//   operator: contents           what the robot says is where: "slot|port|drive ADDRESS BARCODE"
//   operator: take ADDRESS       takes the cartridge out of the mail slot
//   operator: put ADDRESS CODE   puts a cartridge into it
//   operator: unplug | plug      takes the devices away and brings them back
// Environment: NTMS_DATA names a directory whose name is extended for each test; DRIVE_NAMES tells
// the names of the drives, in the order of their elements.
#include <gtest/gtest.h>
#include <ntmsapi.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

// The functions of the API that are used here, by their names.
struct Api {
  decltype(&OpenNtmsSessionW) open = nullptr;
  decltype(&CloseNtmsSession) close = nullptr;
  decltype(&EnumerateNtmsObject) enumerate = nullptr;
  decltype(&GetNtmsObjectInformationW) information = nullptr;
  decltype(&EnableNtmsObject) enable = nullptr;
  decltype(&EjectNtmsMedia) eject = nullptr;
  decltype(&InjectNtmsMedia) inject = nullptr;
  decltype(&InventoryNtmsLibrary) inventory = nullptr;

  static const Api& get() {
    static const Api api = load();
    return api;
  }

 private:
  static Api load() {
    Api api;
    const HMODULE module = LoadLibraryW(L"ntmsapi.dll");
    if (module == nullptr) {
      std::fprintf(stderr, "ntmsapi.dll cannot be loaded: %lu\n", GetLastError());
      std::exit(2);
    }
    find(module, "OpenNtmsSessionW", api.open);
    find(module, "CloseNtmsSession", api.close);
    find(module, "EnumerateNtmsObject", api.enumerate);
    find(module, "GetNtmsObjectInformationW", api.information);
    find(module, "EnableNtmsObject", api.enable);
    find(module, "EjectNtmsMedia", api.eject);
    find(module, "InjectNtmsMedia", api.inject);
    find(module, "InventoryNtmsLibrary", api.inventory);
    return api;
  }

  template <class Function>
  static void find(HMODULE module, const char* name, Function& function) {
    const FARPROC address = GetProcAddress(module, name);
    if (address == nullptr) {
      std::fprintf(stderr, "ntmsapi.dll has no %s\n", name);
      std::exit(2);
    }
    static_assert(sizeof function == sizeof address);
    std::memcpy(&function, &address, sizeof function);
  }
};

std::string text(const WCHAR* wide) {
  std::string result;
  for (; *wide != 0; ++wide) result += *wide < 0x80 ? static_cast<char>(*wide) : '?';
  return result;
}

struct Less {
  bool operator()(const NTMS_GUID& a, const NTMS_GUID& b) const {
    return std::memcmp(&a, &b, sizeof a) < 0;
  }
};

// What the operator answers, line by line.
std::vector<std::string> ask_operator(const std::string& words) {
  std::printf("operator: %s\n", words.c_str());
  std::fflush(stdout);
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line == "done") return lines;
    lines.push_back(line);
  }
  ADD_FAILURE() << "the operator has gone";
  return lines;
}

// "slot 1024" and so on, with the bar code or "-".
using Contents = std::map<std::string, std::string>;

Contents robot_contents() {
  Contents contents;
  for (const std::string& line : ask_operator("contents")) {
    std::istringstream words(line);
    std::string noun;
    std::string address;
    std::string bar_code;
    words >> noun >> address >> bar_code;
    contents[noun + " " + address] = bar_code;
  }
  return contents;
}

bool wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return condition();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class PassThrough : public testing::Test {
 protected:
  using Info = NTMS_OBJECTINFORMATIONW;

  void SetUp() override {
    const char* directory = std::getenv("NTMS_DATA");
    ASSERT_NE(directory, nullptr);
    static const std::string base = directory;
    static int number = 0;
    const std::string own = base + std::to_string(++number);
    ASSERT_TRUE(SetEnvironmentVariableA("NTMS_DATA", own.c_str()));
    // The cartridges stay where the tests look for them.
    ASSERT_TRUE(SetEnvironmentVariableA("NTMS_IDENTIFY", "no"));
  }
  void TearDown() override { close(); }

  // Opens a session of a process that has no configuration but NTMS_DEVICES.
  void open(const char* devices) {
    ASSERT_TRUE(SetEnvironmentVariableA("NTMS_DEVICES", devices));
    session_ = Api::get().open(nullptr, L"pass-through test", 0);
    ASSERT_NE(session_, INVALID_HANDLE_VALUE) << GetLastError();
    std::vector<Info> robots;
    for (const Info& library : list(NTMS_LIBRARY)) {
      if (library.Info.Library.LibraryType == NTMS_LIBRARYTYPE_ONLINE) robots.push_back(library);
    }
    ASSERT_EQ(robots.size(), 1U);
    library_ = robots[0].ObjectGuid;
  }
  void close() {
    if (session_ == INVALID_HANDLE_VALUE) return;
    EXPECT_EQ(Api::get().close(session_), static_cast<DWORD>(ERROR_SUCCESS));
    session_ = INVALID_HANDLE_VALUE;
  }

  std::vector<Info> list(DWORD type, NTMS_GUID* container = nullptr) {
    std::vector<NTMS_GUID> ids(64);
    auto count = static_cast<DWORD>(ids.size());
    const DWORD code = Api::get().enumerate(session_, container, ids.data(), &count, type, 0);
    EXPECT_EQ(code, static_cast<DWORD>(ERROR_SUCCESS)) << "objects of type " << type;
    if (code != ERROR_SUCCESS) return {};
    std::vector<Info> objects;
    for (DWORD i = 0; i < count; ++i) objects.push_back(info(ids[i]));
    return objects;
  }
  Info info(NTMS_GUID id) {
    Info object{};
    object.dwSize = sizeof object;
    EXPECT_EQ(Api::get().information(session_, &id, &object), static_cast<DWORD>(ERROR_SUCCESS));
    return object;
  }
  Info library() { return info(library_); }
  std::vector<Info> elements(DWORD type) { return list(type, &library_); }

  NTMS_GUID medium(const std::string& bar_code) {
    for (const Info& object : list(NTMS_PHYSICAL_MEDIA)) {
      if (text(object.Info.PhysicalMedia.szBarCode) == bar_code) return object.ObjectGuid;
    }
    ADD_FAILURE() << "there is no medium " << bar_code;
    return {};
  }

  // What the database says is where, in the words of robot_contents(). Elements are numbered from 1
  // in the order of their addresses, which the robot's are put in, too.
  Contents recorded(const Contents& robot) {
    std::map<NTMS_GUID, std::string, Less> places;
    Contents contents;
    const std::pair<DWORD, const char*> kinds[] = {
        {NTMS_STORAGESLOT, "slot"}, {NTMS_IEPORT, "port"}, {NTMS_DRIVE, "drive"}};
    for (const auto& [type, noun] : kinds) {
      std::map<unsigned long, std::string> addresses;
      for (const auto& [place, bar_code] : robot) {
        if (place.starts_with(noun)) {
          const auto address = std::strtoul(place.c_str() + std::strlen(noun), nullptr, 10);
          addresses[address] = place;
        }
      }
      const auto objects = elements(type);
      EXPECT_EQ(objects.size(), addresses.size()) << noun;
      for (const Info& object : objects) {
        const DWORD number = type == NTMS_STORAGESLOT ? object.Info.StorageSlot.Number
                             : type == NTMS_IEPORT    ? object.Info.IEPort.Number
                                                      : object.Info.Drive.Number;
        if (number == 0 || number > addresses.size()) continue;
        const auto& place = std::next(addresses.begin(), static_cast<long>(number) - 1)->second;
        places[object.ObjectGuid] = place;
        contents[place] = "-";
      }
    }
    for (const Info& object : list(NTMS_PHYSICAL_MEDIA, &library_)) {
      const auto place = places.find(object.Info.PhysicalMedia.Location);
      const std::string bar_code = text(object.Info.PhysicalMedia.szBarCode);
      if (place == places.end()) {
        contents["nowhere " + bar_code] = bar_code;
      } else {
        contents[place->second] = bar_code;
      }
    }
    return contents;
  }
  void expect_agreement() {
    const Contents robot = robot_contents();
    EXPECT_GE(robot.size(), 3U);
    wait_until([&] { return recorded(robot) == robot; });
    EXPECT_EQ(recorded(robot), robot);
  }

  DWORD state(const NTMS_GUID& request) { return info(request).Info.LibRequest.State; }
  bool wait_for_state(const NTMS_GUID& request, DWORD wanted) {
    const bool reached = wait_until([&] { return state(request) == wanted; });
    EXPECT_TRUE(reached) << "state " << state(request) << ", error "
                         << info(request).Info.LibRequest.dwErrorCode;
    return reached;
  }
  // The address of the port that the medium has come out in; 0 when it does not.
  unsigned wait_for_port(const NTMS_GUID& medium_id) {
    unsigned number = 0;
    wait_until([&] {
      const auto place = info(medium_id).Info.PhysicalMedia;
      if (place.LocationType != NTMS_IEPORT) return false;
      const auto port = info(place.Location).Info.IEPort;
      number = port.Number;
      return port.Content == NTMS_PORTCONTENT_FULL && port.Position == NTMS_PORTPOSITION_EXTENDED;
    });
    unsigned index = 0;
    for (const auto& [place, bar_code] : robot_contents()) {
      if (place.starts_with("port") && ++index == number) {
        return static_cast<unsigned>(std::strtoul(place.c_str() + 4, nullptr, 10));
      }
    }
    return 0;
  }

  HANDLE session_ = INVALID_HANDLE_VALUE;
  NTMS_GUID library_{};
};

TEST_F(PassThrough, WithoutConfigurationTheLibraryIsFoundAndListedDisabled) {
  ASSERT_NO_FATAL_FAILURE(open(nullptr));
  EXPECT_FALSE(library().Enabled);
  NTMS_GUID id = medium("TGT001L8");
  NTMS_GUID operation{};
  EXPECT_NE(Api::get().eject(session_, &id, &operation, NTMS_EJECT_START),
            static_cast<DWORD>(ERROR_SUCCESS));
  ASSERT_EQ(Api::get().enable(session_, NTMS_LIBRARY, &library_),
            static_cast<DWORD>(ERROR_SUCCESS));
  EXPECT_TRUE(wait_until([&] { return library().Enabled != FALSE; }));
  ASSERT_NO_FATAL_FAILURE(expect_agreement());
}

TEST_F(PassThrough, AutoPutsItInServiceWithItsDrives) {
  ASSERT_NO_FATAL_FAILURE(open("auto"));
  EXPECT_TRUE(library().Enabled);
  EXPECT_TRUE(library().Info.Library.BarCodeReaderInstalled);
  ASSERT_NO_FATAL_FAILURE(expect_agreement());
  const auto changers = elements(NTMS_CHANGER);
  ASSERT_EQ(changers.size(), 1U);
  EXPECT_EQ(text(changers[0].Info.Changer.szDeviceName), "\\\\.\\Changer0");
  std::istringstream names(std::getenv("DRIVE_NAMES"));
  std::map<DWORD, std::string> drives;
  for (const Info& drive : elements(NTMS_DRIVE)) {
    drives[drive.Info.Drive.Number] = text(drive.Info.Drive.szDeviceName);
    EXPECT_FALSE(text(drive.Info.Drive.szSerialNumber).empty());
    EXPECT_EQ(drive.dwOperationalState, static_cast<DWORD>(NTMS_READY));
  }
  for (const auto& [number, name] : drives) {
    std::string expected;
    names >> expected;
    EXPECT_EQ(name, expected) << "drive " << number;
  }
  EXPECT_EQ(drives.size(), 2U);
}

// While it is served, nobody else gets the changer; a drive is the applications'.
TEST_F(PassThrough, TheChangerIsOpenForTheOwnerAlone) {
  ASSERT_NO_FATAL_FAILURE(open("auto"));
  const auto open_device = [](const wchar_t* name) {
    const HANDLE handle =
        CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                    OPEN_EXISTING, 0, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return GetLastError();
    CloseHandle(handle);
    return static_cast<DWORD>(ERROR_SUCCESS);
  };
  EXPECT_EQ(open_device(L"\\\\.\\Changer0"), static_cast<DWORD>(ERROR_SHARING_VIOLATION));
  EXPECT_EQ(open_device(L"\\\\.\\Tape0"), static_cast<DWORD>(ERROR_SUCCESS));
  close();
  EXPECT_EQ(open_device(L"\\\\.\\Changer0"), static_cast<DWORD>(ERROR_SUCCESS));
}

TEST_F(PassThrough, AnEjectIsQueuedAndStopped) {
  ASSERT_NO_FATAL_FAILURE(open("auto"));
  const Contents before = robot_contents();
  NTMS_GUID id = medium("TGT002L8");
  NTMS_GUID operation{};
  ASSERT_EQ(Api::get().eject(session_, &id, &operation, NTMS_EJECT_QUEUE),
            static_cast<DWORD>(ERROR_SUCCESS));
  EXPECT_EQ(robot_contents(), before);
  ASSERT_EQ(Api::get().eject(session_, &id, &operation, NTMS_EJECT_START),
            static_cast<DWORD>(ERROR_SUCCESS));
  ASSERT_NE(wait_for_port(id), 0U);
  ASSERT_EQ(Api::get().eject(session_, &id, &operation, NTMS_EJECT_STOP),
            static_cast<DWORD>(ERROR_SUCCESS));
  EXPECT_TRUE(wait_until([&] { return robot_contents() == before; }));
  ASSERT_NO_FATAL_FAILURE(expect_agreement());
}

TEST_F(PassThrough, ACartridgeGoesOutAndComesBack) {
  ASSERT_NO_FATAL_FAILURE(open("auto"));
  const Contents before = robot_contents();
  NTMS_GUID id = medium("TGT003L8");
  NTMS_GUID operation{};
  ASSERT_EQ(Api::get().eject(session_, &id, &operation, NTMS_EJECT_START),
            static_cast<DWORD>(ERROR_SUCCESS));
  const unsigned port = wait_for_port(id);
  ASSERT_NE(port, 0U);
  EXPECT_EQ(robot_contents().at("port " + std::to_string(port)), "TGT003L8");
  ask_operator("take " + std::to_string(port));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_NO_FATAL_FAILURE(expect_agreement());

  ASSERT_EQ(Api::get().inject(session_, &library_, &operation, NTMS_INJECT_START),
            static_cast<DWORD>(ERROR_SUCCESS));
  ASSERT_TRUE(wait_until(
      [&] { return elements(NTMS_IEPORT)[0].Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED; }));
  ask_operator("put " + std::to_string(port) + " TGT003L8");
  // A port of several elements has room for more: stopping says that this was all.
  ASSERT_EQ(Api::get().inject(session_, &library_, &operation, NTMS_INJECT_STOP),
            static_cast<DWORD>(ERROR_SUCCESS));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  ASSERT_NO_FATAL_FAILURE(expect_agreement());
  EXPECT_EQ(robot_contents(), before);
}

TEST_F(PassThrough, DevicesThatVanishAreOpenedAgain) {
  ASSERT_NO_FATAL_FAILURE(open("auto"));
  ask_operator("unplug");
  EXPECT_EQ(Api::get().inventory(session_, &library_, NTMS_INVENTORY_FAST),
            static_cast<DWORD>(ERROR_SUCCESS));
  EXPECT_TRUE(wait_until(
      [&] { return library().dwOperationalState == static_cast<DWORD>(NTMS_NOT_PRESENT); }));
  ask_operator("plug");
  EXPECT_TRUE(
      wait_until([&] { return library().dwOperationalState == static_cast<DWORD>(NTMS_READY); }));
  ASSERT_NO_FATAL_FAILURE(expect_agreement());
}

}  // namespace
