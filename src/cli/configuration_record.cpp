// holdpoint configuration record: how an environment is configured for an application, as a JSON
// document without secrets. The server says where one looks like a secret.
#include <istream>
#include <iterator>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::uint64_t file_bytes_max = 2U << 20;

struct Options {
  std::string application;
  std::string environment;
  std::string file;
  std::string source;
};

Tried<json::object> read_document(const Options& options, Session& session) {
  std::string text;
  if (options.file == "-") {
    text.assign(std::istreambuf_iterator<char>(session.world().streams.in), {});
  } else {
    HP_TRY(text, read_file(options.file, file_bytes_max));
  }
  auto document = parse_json(text);
  if (!document) {
    return wrong_use("The configuration is no JSON: " + document.error().text(), options.file,
                     "Give a JSON document.");
  }
  if (!document->is_object()) {
    return wrong_use("The configuration is no JSON object.", options.file,
                     "Give an object with a member for each setting.");
  }
  return std::move(document->get_object());
}

Exit record(const Options& options, Session& session) {
  auto document = read_document(options, session);
  if (!document) return session.fail(document.error());
  json::object command{{"application", options.application}, {"document", std::move(*document)}};
  if (!options.source.empty()) command["source"] = options.source;
  const auto answer = session.post(
      session.in_workspace({"environments", options.environment, "configurations"}), command);
  if (!answer) return session.fail(answer.error());
  const auto digest = text_at(answer->document, "digest");
  if (!digest) {
    return session.fail(malformed("The answer holds no digest.", "POST configurations").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << printable(*digest)
                  << (answer->status == 201 ? "  recorded\n" : "  present already\n");
  }
  return Exit::yes;
}

}  // namespace

Command configuration_record_command() {
  const auto o = std::make_shared<Options>();
  return {"configuration record",
          "Record how an environment is configured",
          {{"application", "APP", "Name of the application", &o->application, Presence::required},
           {"file",
            "FILE",
            "JSON document, or - for standard input",
            &o->file,
            Presence::required,
            {},
            ValueKind::path},
           {"--env", "ENVIRONMENT", "Which environment", &o->environment, Presence::required},
           {"--source", "TEXT", "Where it was read: a commit, a cluster", &o->source}},
          [o](Session& session) { return record(*o, session); }};
}

}  // namespace holdpoint::cli
