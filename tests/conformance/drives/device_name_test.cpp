// SPDX-License-Identifier: MIT
// EjectDiskFromSADrive and GetVolumesFromDrive (contract: functions-library-control 21 and 22).
#include <cstdlib>

#include "conformance/drives/lone_drive_fixture.h"
#include "support/wide.h"

namespace ntms::conformance {
namespace {

using test::WideString;

// Releases a text that GetVolumesFromDrive has handed out.
void release(void* memory) {
#ifdef _WIN32
  HeapFree(GetProcessHeap(), 0, memory);
#else
  std::free(memory);
#endif
}

class EjectDisk : public LoneDriveTest {
 protected:
  DWORD eject_disk(const std::string& device, DWORD options) {
    return EjectDiskFromSADriveA(nullptr, "test", device.c_str(), nullptr, nullptr, nullptr,
                                 options);
  }
};

TEST_F(EjectDisk, Arguments) {
  ASSERT_NO_FATAL_FAILURE(start());
  const DWORD wrong = ERROR_INVALID_PARAMETER;
  EXPECT_EQ(EjectDiskFromSADriveA(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0), wrong);
  EXPECT_EQ(EjectDiskFromSADriveW(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0), wrong);
  EXPECT_EQ(EjectDiskFromSADriveA(nullptr, nullptr, "", nullptr, nullptr, nullptr, 0), wrong);
  EXPECT_EQ(EjectDiskFromSADriveW(nullptr, nullptr, NTMS_W(""), nullptr, nullptr, nullptr, 0),
            wrong);
  for (const DWORD options : {6U, 0xFFFFFFFFU}) EXPECT_EQ(eject_disk(uri_, options), wrong);
}

TEST_F(EjectDisk, WithoutASession) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(EjectDiskFromSADriveA("elsewhere.example", nullptr, uri_.c_str(), nullptr, nullptr,
                                  nullptr, NTMS_EJECT_START),
            ERROR_NOT_CONNECTED);
  EXPECT_EQ(EjectDiskFromSADriveA("a b", nullptr, uri_.c_str(), nullptr, nullptr, nullptr,
                                  NTMS_EJECT_START),
            ERROR_INVALID_COMPUTERNAME);
}

TEST_F(EjectDisk, UnknownDevice) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(eject_disk("\\\\.\\Cdrom0", NTMS_EJECT_START), ERROR_INVALID_DRIVE);
}

TEST_F(EjectDisk, EmptyDrive) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(eject_disk(uri_, NTMS_EJECT_START), ERROR_INVALID_STATE);
}

TEST_F(EjectDisk, NothingToStop) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(eject_disk(uri_, NTMS_EJECT_STOP), ERROR_INVALID_OPERATION);
}

TEST_F(EjectDisk, StartedQueuedAndForced) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  for (const DWORD options : {NTMS_EJECT_START, NTMS_EJECT_QUEUE, NTMS_EJECT_FORCE}) {
    ASSERT_EQ(eject_disk(uri_, options), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return is_offline(own_); }));
    insert("TAPE1");
    ASSERT_EQ(inventory(), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return !is_offline(own_); }));
    ASSERT_NO_FATAL_FAILURE(wait_for_identified());
  }
}

TEST_F(EjectDisk, ImmediatelyMeansEjected) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  std::string capitals = uri_;
  for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const WideString device(capitals.begin(), capitals.end());
  ASSERT_EQ(EjectDiskFromSADriveW(nullptr, nullptr, device.c_str(), nullptr, nullptr, nullptr,
                                  NTMS_EJECT_IMMEDIATE),
            ERROR_SUCCESS);
  EXPECT_TRUE(is_offline(own_));
  EXPECT_FALSE(is_threaded());
}

TEST_F(EjectDisk, InUse) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_EQ(mount(own_), ERROR_SUCCESS);
  for (const DWORD options : {NTMS_EJECT_START, NTMS_EJECT_IMMEDIATE, NTMS_EJECT_ASK_USER}) {
    EXPECT_EQ(eject_disk(uri_, options), ERROR_BUSY);
  }
  EXPECT_EQ(eject_disk(uri_, NTMS_EJECT_FORCE), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return is_offline(own_); }));
}

TEST_F(EjectDisk, Stopped) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_NO_FATAL_FAILURE(show_ejected_cartridges());
  ASSERT_EQ(eject_disk(uri_, NTMS_EJECT_START), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  ASSERT_EQ(eject_disk(uri_, NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request_of(NTMS_LM_EJECT), NTMS_LM_STOPPED));
  EXPECT_FALSE(is_offline(own_));
}

class EjectDiskOfALibrary : public LibraryTest {};

TEST_F(EjectDiskOfALibrary, IsNoneThatStandsAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  const std::string device = text(drive(0).Info.Drive.szDeviceName);
  EXPECT_EQ(EjectDiskFromSADriveA(nullptr, nullptr, device.c_str(), nullptr, nullptr, nullptr,
                                  NTMS_EJECT_START),
            ERROR_INVALID_DRIVE);
}

class Volumes : public LoneDriveTest {};

TEST_F(Volumes, Arguments) {
  ASSERT_NO_FATAL_FAILURE(start());
  std::string device = uri_;
  char* volume = device.data();
  char* letter = device.data();
  EXPECT_EQ(GetVolumesFromDriveA(nullptr, &volume, &letter), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(volume, nullptr);
  EXPECT_EQ(letter, nullptr);
  volume = letter = device.data();
  EXPECT_EQ(GetVolumesFromDriveA(device.data(), nullptr, &letter), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(letter, nullptr);
  EXPECT_EQ(GetVolumesFromDriveA(device.data(), &volume, nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(volume, nullptr);
}

TEST_F(Volumes, UnknownDevice) {
  ASSERT_NO_FATAL_FAILURE(start());
  WideString device(NTMS_W("\\\\.\\Cdrom7"));
  WCHAR* volume = nullptr;
  WCHAR* letter = nullptr;
  EXPECT_EQ(GetVolumesFromDriveW(device.data(), &volume, &letter), ERROR_INVALID_DRIVE);
  EXPECT_EQ(volume, nullptr);
}

TEST_F(Volumes, TapesHaveNone) {
  ASSERT_NO_FATAL_FAILURE(start());
  WideString device(uri_.begin(), uri_.end());
  WCHAR* volume = nullptr;
  WCHAR* letter = nullptr;
  ASSERT_EQ(GetVolumesFromDriveW(device.data(), &volume, &letter), ERROR_SUCCESS);
  for (WCHAR* text : {volume, letter}) {
    ASSERT_NE(text, nullptr);
    EXPECT_EQ(text[0], 0);
    EXPECT_EQ(text[1], 0);
    release(text);
  }
  std::string narrow = uri_;
  char* first = nullptr;
  char* second = nullptr;
  ASSERT_EQ(GetVolumesFromDriveA(narrow.data(), &first, &second), ERROR_SUCCESS);
  for (char* text : {first, second}) {
    ASSERT_NE(text, nullptr);
    EXPECT_EQ(text[0], 0);
    EXPECT_EQ(text[1], 0);
    release(text);
  }
}

}  // namespace
}  // namespace ntms::conformance
