// SPDX-License-Identifier: MIT
// The service manager of Windows.
#include "rsm/service.h"

#include <atomic>
#include <memory>
#include <string>

#include "ntms/win32_types.h"
#include "rsm/stop_signals.h"

namespace ntms::rsm {
namespace {

constexpr const wchar_t* kName = L"NtmsSvc";
constexpr const wchar_t* kDisplayName = L"Removable Storage";
constexpr const wchar_t* kDescription =
    L"Manages tape libraries for the programs that use the Removable Storage API.";
constexpr const wchar_t* kEventSource =
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\Removable Storage Service";
constexpr DWORD kStartWait = 70'000;  // milliseconds: opening a session takes at most 60 s
constexpr DWORD kStopWait = 10'000;
constexpr DWORD kPause = 50;  // between two looks at a service that is stopping

struct CloseService {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Service = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

Outcome failed(const char* what) {
  const DWORD error = GetLastError();
  std::string reason = what;
  if (error == ERROR_ACCESS_DENIED) reason += "; this takes an administrator";
  return {error, reason + "."};
}

// The one service in this process: the functions that Windows calls are given no context.
class Running {
 public:
  explicit Running(const ServiceBody& body) : body_(body) {}

  void run() {
    status_handle_ = RegisterServiceCtrlHandlerExW(kName, &on_control, this);
    if (status_handle_ == nullptr) {
      outcome_ = failed("The service manager does not take the service");
      return;
    }
    tell(SERVICE_START_PENDING, kStartWait);
    outcome_ = body_([this] { tell(SERVICE_RUNNING); });
    tell(SERVICE_STOPPED);
  }

  const Outcome& outcome() const { return outcome_; }

 private:
  static DWORD WINAPI on_control(DWORD control, DWORD, void*, void* context) {
    switch (control) {
      case SERVICE_CONTROL_STOP:
      case SERVICE_CONTROL_SHUTDOWN:
        static_cast<Running*>(context)->tell(SERVICE_STOP_PENDING, kStopWait);
        StopSignals::request();
        return NO_ERROR;
      case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
      default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
  }

  void tell(DWORD state, DWORD wait = 0) {
    SERVICE_STATUS status{};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    // Stopped before it runs, it would not listen yet.
    status.dwControlsAccepted =
        state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
    status.dwWaitHint = wait;
    if (state == SERVICE_STOPPED) status.dwWin32ExitCode = outcome_.code;
    SetServiceStatus(status_handle_, &status);
  }

  const ServiceBody& body_;
  SERVICE_STATUS_HANDLE status_handle_ = nullptr;
  Outcome outcome_;
};

constinit std::atomic<Running*> g_running{nullptr};

void WINAPI service_main(DWORD, wchar_t**) {
  if (Running* const running = g_running.load()) running->run();
}

std::wstring own_path() {
  std::wstring path(32'768, L'\0');  // Windows' limit
  path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
  return path;
}

// Where the texts of events are: the DLL beside the program.
std::wstring message_file() {
  const std::wstring path = own_path();
  return path.substr(0, path.find_last_of(L'\\') + 1) + L"ntmsapi.dll";
}

// The registration that lets the event viewer show the words as they are.
bool register_events() {
  const std::wstring file = message_file();
  constexpr DWORD kTypes = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
  return RegSetKeyValueW(HKEY_LOCAL_MACHINE, kEventSource, L"EventMessageFile", REG_SZ,
                         file.c_str(), static_cast<DWORD>((file.size() + 1) * sizeof(wchar_t))) ==
             ERROR_SUCCESS &&
         RegSetKeyValueW(HKEY_LOCAL_MACHINE, kEventSource, L"TypesSupported", REG_DWORD, &kTypes,
                         sizeof kTypes) == ERROR_SUCCESS;
}

// Asks the service to stop and waits until it has. True also when it did not run.
bool stop(SC_HANDLE service) {
  SERVICE_STATUS status{};
  if (!ControlService(service, SERVICE_CONTROL_STOP, &status)) {
    return GetLastError() == ERROR_SERVICE_NOT_ACTIVE;
  }
  for (DWORD waited = 0; status.dwCurrentState != SERVICE_STOPPED; waited += kPause) {
    if (waited > kStopWait || !QueryServiceStatus(service, &status)) return false;
    if (status.dwCurrentState != SERVICE_STOPPED) Sleep(kPause);
  }
  return true;
}

}  // namespace

Outcome run_as_service(const ServiceBody& body) {
  Running running(body);
  g_running = &running;
  std::wstring name = kName;
  const SERVICE_TABLE_ENTRYW table[] = {{name.data(), &service_main}, {nullptr, nullptr}};
  const bool dispatched = StartServiceCtrlDispatcherW(table);
  g_running = nullptr;
  if (!dispatched) return failed("/service is for the service manager of Windows");
  return running.outcome();
}

Outcome install_service(std::ostream& out) {
  const Service manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CREATE_SERVICE));
  if (!manager) return failed("The service manager refuses");
  const std::wstring command = L"\"" + own_path() + L"\" host /service";
  const Service service(CreateServiceW(manager.get(), kName, kDisplayName, SERVICE_CHANGE_CONFIG,
                                       SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                                       SERVICE_ERROR_NORMAL, command.c_str(), nullptr, nullptr,
                                       nullptr, nullptr, nullptr));
  if (!service) return failed("The service cannot be registered");
  std::wstring words = kDescription;
  SERVICE_DESCRIPTIONW description{words.data()};
  ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_DESCRIPTION, &description);
  if (!register_events()) {
    out << "The source of events could not be registered: the event viewer will add a remark.\n";
  }
  out << "The service NtmsSvc is registered; \"net start NtmsSvc\" starts it.\n";
  return {};
}

Outcome remove_service(std::ostream& out) {
  const Service manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  if (!manager) return failed("The service manager refuses");
  const Service service(
      OpenServiceW(manager.get(), kName, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE));
  if (!service) return failed("The service cannot be opened");
  if (!stop(service.get())) return failed("The service does not stop");
  if (!DeleteService(service.get())) return failed("The service cannot be deleted");
  RegDeleteKeyW(HKEY_LOCAL_MACHINE, kEventSource);
  out << "The service NtmsSvc is removed; its database is not.\n";
  return {};
}

}  // namespace ntms::rsm
