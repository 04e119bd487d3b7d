// Problem documents (RFC 9457) from values. Written by hand and not from a description, because
// empty members are left out and parameters are free-form.
#include "platform/http/problem.hpp"

namespace holdpoint::http {

namespace {

constexpr std::string_view type_prefix = "https://holdpoint.dev/problems/";

json::array issues(const std::vector<FieldIssue>& errors) {
  json::array list;
  for (const FieldIssue& error : errors) {
    list.push_back(json::object{{"path", error.path}, {"message", error.message}});
  }
  return list;
}

json::array actions(const std::vector<NextAction>& next) {
  json::array list;
  for (const NextAction& step : next) {
    json::object entry{{"actor", step.actor}, {"action", step.action}};
    if (!step.command.empty()) entry["command"] = step.command;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

json::value problem_document(const Problem& problem) {
  json::object document;
  document["type"] = std::string(type_prefix) + problem.code;
  document["status"] = problem.status;
  document["code"] = problem.code;
  document["title"] =
      problem.title.empty() ? std::string(reason_phrase(problem.status)) : problem.title;
  if (!problem.detail.empty()) document["detail"] = problem.detail;
  if (!problem.errors.empty()) document["errors"] = issues(problem.errors);
  if (!problem.parameters.empty()) document["parameters"] = problem.parameters;
  if (!problem.next.empty()) document["next"] = actions(problem.next);
  return document;
}

Response problem_response(const Problem& problem) {
  Response response = json_response(problem.status, problem_document(problem));
  response.set("Content-Type", "application/problem+json");
  return response;
}

Response problem_response(int status, std::string_view code, std::string_view detail) {
  Problem problem;
  problem.status = status;
  problem.code = code;
  problem.detail = detail;
  return problem_response(problem);
}

std::string body_too_long(std::uint64_t bytes_max) {
  return "the request body is longer than the " + std::to_string(bytes_max) +
         " bytes that this route accepts";
}

}  // namespace holdpoint::http
