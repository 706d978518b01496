// SPDX-License-Identifier: MIT
// rsm.exe as the service NtmsSvc: registered, started, in charge of the library, stopped, removed.
#include <windows.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace {

namespace fs = std::filesystem;

constexpr DWORD kLimit = 60'000;  // milliseconds for anything, on a busy machine

struct CloseService {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Service = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

fs::path own_directory() {
  std::wstring own(32'768, L'\0');
  own.resize(GetModuleFileNameW(nullptr, own.data(), static_cast<DWORD>(own.size())));
  return fs::path(own).parent_path();
}

// Runs rsm.exe to its end and returns its exit code.
DWORD rsm(const std::wstring& arguments) {
  std::wstring line = L"\"" + (own_directory() / L"rsm.exe").native() + L"\" " + arguments;
  STARTUPINFOW start{};
  start.cb = sizeof start;
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start,
                      &process)) {
    return GetLastError();
  }
  DWORD code = ERROR_TIMEOUT;
  if (WaitForSingleObject(process.hProcess, kLimit) == WAIT_OBJECT_0) {
    GetExitCodeProcess(process.hProcess, &code);
  } else {
    TerminateProcess(process.hProcess, 1);
  }
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  return code;
}

bool reaches(SC_HANDLE service, DWORD state) {
  SERVICE_STATUS status{};
  for (DWORD waited = 0; waited < kLimit; waited += 20) {
    if (!QueryServiceStatus(service, &status)) return false;
    if (status.dwCurrentState == state) return true;
    Sleep(20);  // between two looks
  }
  ADD_FAILURE() << "the service is in state " << status.dwCurrentState << ", code "
                << status.dwWin32ExitCode;
  return false;
}

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    directory_ =
        fs::temp_directory_path() / ("ntms-service-" + std::to_string(GetCurrentProcessId()));
    fs::create_directories(directory_);
    // The service is started with the system's environment, so its directory is configured where
    // an administrator would do that (hardware-notes 2.3).
    EXPECT_EQ(RegSetKeyValueW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Control\\NTMS",
                              L"NtmsData", REG_SZ, directory_.c_str(),
                              static_cast<DWORD>((directory_.native().size() + 1) * 2)),
              ERROR_SUCCESS);
    SetEnvironmentVariableW(L"NTMS_DATA", nullptr);
    SetEnvironmentVariableW(L"NTMS_DEVICES", nullptr);
  }
  ~ServiceTest() override {
    rsm(L"host /remove");
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Control\\NTMS",
                       L"NtmsData");
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  fs::path data() const { return directory_ / "NtmsData"; }

 private:
  fs::path directory_;
};

TEST_F(ServiceTest, RemovingWhatIsNotThereFails) {
  EXPECT_EQ(rsm(L"host /remove"), static_cast<DWORD>(ERROR_SERVICE_DOES_NOT_EXIST));
}

TEST_F(ServiceTest, StartingAsAServiceByHandFails) {
  EXPECT_EQ(rsm(L"host /service"), static_cast<DWORD>(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT));
  EXPECT_EQ(rsm(L"host /service /install"), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
}

TEST_F(ServiceTest, IsRegisteredRunsAndIsRemoved) {
  ASSERT_EQ(rsm(L"host /install"), 0U);
  EXPECT_EQ(rsm(L"host /install"), static_cast<DWORD>(ERROR_SERVICE_EXISTS));

  const Service manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  ASSERT_NE(manager, nullptr);
  {
    const Service service(OpenServiceW(manager.get(), L"NtmsSvc", SERVICE_ALL_ACCESS));
    ASSERT_NE(service, nullptr) << GetLastError();
    ASSERT_TRUE(StartServiceW(service.get(), 0, nullptr)) << GetLastError();
    ASSERT_TRUE(reaches(service.get(), SERVICE_RUNNING));
    EXPECT_TRUE(fs::exists(data() / "ntms.db")) << "it does not use the configured directory";
    // Other programs work beside it.
    EXPECT_EQ(rsm(L"view /tlibrary"), 0U);

    SERVICE_STATUS status{};
    ASSERT_TRUE(ControlService(service.get(), SERVICE_CONTROL_STOP, &status)) << GetLastError();
    ASSERT_TRUE(reaches(service.get(), SERVICE_STOPPED));
    ASSERT_TRUE(QueryServiceStatus(service.get(), &status));
    EXPECT_EQ(status.dwWin32ExitCode, static_cast<DWORD>(NO_ERROR));

    // Removing stops it, too.
    ASSERT_TRUE(StartServiceW(service.get(), 0, nullptr)) << GetLastError();
    ASSERT_TRUE(reaches(service.get(), SERVICE_RUNNING));
  }
  EXPECT_EQ(rsm(L"host /remove"), 0U);
  EXPECT_EQ(rsm(L"host /remove"), static_cast<DWORD>(ERROR_SERVICE_DOES_NOT_EXIST));
  EXPECT_TRUE(fs::exists(data() / "ntms.db")) << "the data are not its to remove";
}

}  // namespace
