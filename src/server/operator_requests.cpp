// SPDX-License-Identifier: MIT
#include "server/operator_requests.h"

#include <algorithm>
#include <array>

#include "model/states.h"
#include "operations/cleaning_queue.h"
#include "operations/mount_queue.h"
#include "operations/requests.h"
#include "server/access.h"
#include "server/object_lookup.h"

namespace ntms::server {
namespace {

// The object types an argument may have (functions-session 3); NTMS_UNKNOWN fills up.
using Types = std::array<std::uint32_t, 6>;

// What a kind of request is about.
struct Kind {
  std::uint32_t rights;  // to the object the request is about
  Types arg1{};          // required, unless there are none
  Types arg2{};
  bool arg2_required = false;
};

std::optional<Kind> kind_of(std::uint32_t request) {
  switch (request) {
    case NTMS_OPREQ_NEWMEDIA:
      return Kind{NTMS_CONTROL_ACCESS, {NTMS_MEDIA_POOL}, {NTMS_LIBRARY}};
    case NTMS_OPREQ_CLEANER:
      return Kind{NTMS_CONTROL_ACCESS, {NTMS_LIBRARY, NTMS_STORAGESLOT}};
    case NTMS_OPREQ_DEVICESERVICE:
      return Kind{
          NTMS_CONTROL_ACCESS,
          {NTMS_IEDOOR, NTMS_LIBRARY, NTMS_PHYSICAL_MEDIA, NTMS_DRIVE, NTMS_CHANGER, NTMS_IEPORT}};
    case NTMS_OPREQ_MOVEMEDIA:
      return Kind{NTMS_CONTROL_ACCESS, {NTMS_PHYSICAL_MEDIA}, {NTMS_LIBRARY}, true};
    case NTMS_OPREQ_MESSAGE:
      return Kind{NTMS_USE_ACCESS};
    default:
      return std::nullopt;
  }
}

bool has_argument(const Types& types) {
  return types.front() != NTMS_UNKNOWN;
}

// The type of an argument's object. Error: ERROR_OBJECT_NOT_FOUND, also for an object of a type
// that the argument may not have.
Result<std::uint32_t> argument_type(store::Reader& reader, const Guid& id, const Types& types) {
  const auto type = reader.type_of(id);
  if (!type) return not_found(id);
  if (std::find(types.begin(), types.end(), *type) == types.end()) {
    return fail(ERROR_OBJECT_NOT_FOUND, "object " + id.to_string() + " has type " +
                                            std::to_string(*type) + ", which is not the right one");
  }
  return {boost::system::in_place_value, *type};
}

// The rights to what a request is about: a medium is moved out of its pool, and serviced in its
// library; a message is about the computer.
Result<void> check_submission(store::Reader& reader, const Session& session,
                              const model::OperatorRequest& request, std::uint32_t rights) {
  if (request.request == NTMS_OPREQ_MESSAGE) return check_computer(reader, session, rights);
  if (request.request == NTMS_OPREQ_DEVICESERVICE && request.arg1_type == NTMS_PHYSICAL_MEDIA) {
    const auto medium = reader.find<model::PhysicalMedium>(request.arg1);
    return check_library(reader, session, medium ? medium->library : Guid{}, rights);
  }
  return check_object(reader, session, request.arg1_type, request.arg1, rights);
}

}  // namespace

Result<Guid> OperatorRequests::submit(const Submission& submission) {
  const auto kind = kind_of(submission.request);
  if (!kind) return fail(ERROR_INVALID_PARAMETER, "no such kind of operator request");
  if (submission.request == NTMS_OPREQ_MESSAGE && !submission.message) {
    return fail(ERROR_INVALID_PARAMETER, "a message without a text");
  }
  if ((has_argument(kind->arg1) && !submission.arg1) || (kind->arg2_required && !submission.arg2)) {
    return fail(ERROR_INVALID_PARAMETER, "the object that the request is about is missing");
  }
  model::OperatorRequest request;
  request.id = Guid::make();
  request.request = submission.request;
  request.message = submission.message.value_or("");
  request.application = session_.application;
  request.user = session_.user;
  request.computer = session_.computer;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    if (has_argument(kind->arg1)) {
      const auto type = argument_type(writer, *submission.arg1, kind->arg1);
      if (!type) return type.error();
      request.arg1_type = *type;
      request.arg1 = *submission.arg1;
    }
    if (has_argument(kind->arg2) && submission.arg2) {
      const auto type = argument_type(writer, *submission.arg2, kind->arg2);
      if (!type) return type.error();
      request.arg2_type = *type;
      request.arg2 = *submission.arg2;
    }
    if (auto allowed = check_submission(writer, session_, request, kind->rights); !allowed) {
      return allowed;
    }
    request.submitted = writer.now();
    writer.insert(request);
    if (request.request != NTMS_OPREQ_MOVEMEDIA) return {};
    auto medium = writer.find<model::PhysicalMedium>(request.arg1);
    if (medium && medium->media_state == NTMS_MEDIASTATE_IDLE) {
      medium->media_state = NTMS_MEDIASTATE_OPREQ;
      writer.update(*medium);
    }
    return {};
  });
  if (!stored) return stored.error();
  return request.id;
}

std::optional<Result<void>> OperatorRequests::outcome(const Guid& id) const {
  using Answer = std::optional<Result<void>>;
  if (session_.is_closed()) {
    return Answer(fail(ERROR_CANCELLED, "the session was closed while it waited"));
  }
  const auto request = database_.read(
      [&](store::Reader& reader) { return reader.find<model::OperatorRequest>(id); });
  if (!request) return Answer(request.error());
  if (!*request) return Answer(fail(ERROR_OBJECT_NOT_FOUND, "no such operator request"));
  switch ((*request)->state) {
    case NTMS_OPSTATE_COMPLETE:
      return Answer(Result<void>());
    case NTMS_OPSTATE_REFUSED:
      return Answer(fail(ERROR_CANCELLED, "the operator has refused"));
    default:
      return std::nullopt;
  }
}

namespace {

// What an answer means for mounts that wait for the cartridge: refused, they fail; done, although
// the cartridge is still in no library, the operator is asked again.
void after_answer(store::Writer& writer, const model::OperatorRequest& request) {
  operations::release_from_operator(writer, request.arg1);
  if (request.state == NTMS_OPSTATE_REFUSED) {
    operations::refuse_mounts(writer, request.arg1);
  } else if (operations::is_waited_for(writer, request.arg1)) {
    if (auto medium = writer.find<model::PhysicalMedium>(request.arg1)) {
      operations::ask_to_move(writer, *medium, request.arg2, request.application, request.user,
                              request.computer);
    }
  }
}

}  // namespace

Result<void> OperatorRequests::answer(const Guid& id, model::OperatorEvent event,
                                      std::uint32_t when_answered) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto request = writer.find<model::OperatorRequest>(id);
    if (!request) return fail(ERROR_OBJECT_NOT_FOUND, "no such operator request");
    if (auto allowed = check_computer(writer, session_, NTMS_CONTROL_ACCESS); !allowed) {
      return allowed;
    }
    if (model::is_answered(request->state)) {
      return fail(when_answered, "the operator request has been answered");
    }
    const auto state = model::next_state(request->state, event);
    if (!state) return fail(when_answered, "the operator request cannot be answered");
    request->state = *state;
    request->answered = writer.now();
    writer.update(*request);
    if (request->request == NTMS_OPREQ_MOVEMEDIA) {
      after_answer(writer, *request);
    } else if (request->request == NTMS_OPREQ_CLEANER && request->by_system &&
               request->state == NTMS_OPSTATE_REFUSED) {
      operations::refuse_cleanings(writer, request->arg1);
    }
    return {};
  });
}

Result<void> OperatorRequests::cancel(const Guid& request) {
  return answer(request, model::OperatorEvent::refused, ERROR_INVALID_STATE);
}

Result<void> OperatorRequests::satisfy(const Guid& request) {
  return answer(request, model::OperatorEvent::satisfied, ERROR_OBJECT_NOT_FOUND);
}

}  // namespace ntms::server
