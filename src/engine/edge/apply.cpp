// See apply.hpp.
#include "engine/edge/apply.hpp"

#include <algorithm>
#include <array>

#include "base/yaml_stream.hpp"

namespace holdpoint::engine::edge {
namespace {

std::string member(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(name);
  return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
}

/// Issue paths get the document's index in front, and say where they stand in the text.
Refusal placed(Refusal refusal, std::size_t index, const YamlDocument& document) {
  for (JsonIssue& issue : refusal.issues) {
    if (issue.message.find_first_of("0123456789") != 0) {
      const auto position = document.position(issue.path);
      issue.message = std::to_string(position.line) + ":" + std::to_string(position.column) + ": " +
                      issue.message;
    }
    issue.path = "/" + std::to_string(index) + issue.path;
  }
  if (refusal.issues.empty()) {
    refusal.issues.push_back({"/" + std::to_string(index), refusal.sentence, 0});
  }
  return refusal;
}

class ApplyRoute {
 public:
  ApplyRoute(Engine& engine, std::vector<Applier> appliers)
      : engine_(engine), appliers_(std::move(appliers)) {}

  http::Response answer(const http::Request& request) const {
    if (!holds_documents(request)) {
      return http::problem_response(415, "unsupported_media_type",
                                    "The body must be application/yaml or application/json.");
    }
    const auto wanted = request.query("dry_run");
    if (wanted && wanted != "true" && wanted != "false") {
      return respond(JsonIssues{{"dry_run", "expected true or false", 0}});
    }
    auto documents = parse_yaml(request.body);
    if (!documents) {
      const YamlIssue& issue = documents.error();
      return respond(JsonIssues{
          {issue.path,
           std::to_string(issue.line) + ":" + std::to_string(issue.column) + ": " + issue.message,
           0}});
    }
    if (documents->empty()) return respond(JsonIssues{{"", "there is no document", 0}});
    const Caller& caller = caller_of(request);
    for (std::size_t i = 0; i < documents->size(); ++i) {
      if (auto refusal = admit(caller, documents->at(i), i)) return respond(*refusal);
    }
    const auto asked = std::make_shared<Asked>(request.body, std::move(*documents));
    prepare(*asked);
    if (wanted != "true") {
      return run_later(engine_, request, "apply", [asked](Unit& unit) -> Outcome {
        auto plan = apply_all(unit, *asked, DryRun::no);
        if (!plan) return std::unexpected(std::move(plan).error());
        return edge::answer(*plan);
      });
    }
    std::string shown;
    auto response = run(engine_, request, "apply", [&](Unit& unit) -> Outcome {
      const auto plan = apply_all(unit, *asked, DryRun::yes);
      if (!plan) return std::unexpected(plan.error());
      // Refused at its end, so that the savepoint takes everything back.
      shown = to_json_text(*plan);
      return refuse(RefusalKind::conflict, "dry_run", "This was a dry run.");
    });
    return shown.empty() ? std::move(response) : http::json_text_response(200, std::move(shown));
  }

 private:
  enum class DryRun : std::uint8_t { no, yes };
  /// The work that an applier has with its documents, and which of all they are.
  struct Share {
    std::vector<std::size_t> indexes;
    ApplyWork work;
  };
  /// The request's text and what it says; the parts are views into the text.
  struct Asked {
    Asked(std::string all, YamlDocuments read)
        : text(std::move(all)), documents(std::move(read)), parts(split_yaml(text)) {}
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    const std::string text;
    const YamlDocuments documents;
    const std::vector<YamlPart> parts;
    std::vector<Share> shares;
  };

  const Applier* find(const YamlDocument& document) const {
    const std::string kind = member(document.value, "kind");
    const auto found = std::ranges::find_if(appliers_, [&](const Applier& applier) {
      return std::ranges::find(applier.kinds, kind) != applier.kinds.end();
    });
    return found == appliers_.end() ? nullptr : &*found;
  }

  std::optional<Refusal> admit(const Caller& caller, const YamlDocument& document,
                               std::size_t index) const {
    const Applier* applier = find(document);
    if (applier == nullptr) {
      std::string kinds;
      for (const Applier& one : appliers_) {
        for (const std::string& kind : one.kinds) kinds += (kinds.empty() ? "" : ", ") + kind;
      }
      Refusal refusal{RefusalKind::invalid, "unknown_kind", "A document's kind is not known."};
      refusal.issues.push_back({"/kind", "expected one of: " + kinds, 0});
      return placed(std::move(refusal), index, document);
    }
    if (member(document.value, "apiVersion") != "holdpoint/v1") {
      Refusal refusal{RefusalKind::invalid, "unknown_version",
                      "A document's version is not known."};
      refusal.issues.push_back({"/apiVersion", "expected holdpoint/v1", 0});
      return placed(std::move(refusal), index, document);
    }
    if (!caller.may(applier->permission)) {
      Refusal refusal{RefusalKind::forbidden, "permission_denied",
                      "Documents of kind " + member(document.value, "kind") +
                          " need the permission " + applier->permission + "."};
      refusal.next.push_back({"workspace administrator", "grant a role that has it", ""});
      return refusal;
    }
    return std::nullopt;
  }

  /// In the order of the appliers, so that what others refer to is there before them.
  void prepare(Asked& asked) const {
    for (const Applier& applier : appliers_) {
      Share share;
      std::vector<ApplyDocument> documents;
      for (std::size_t i = 0; i < asked.documents.size(); ++i) {
        if (find(asked.documents[i]) != &applier) continue;
        ApplyDocument document{&asked.documents[i], {}, 1};
        if (asked.parts.size() == asked.documents.size()) {
          document.text = asked.parts[i].text;
          document.first_line = asked.parts[i].first_line;
        }
        share.indexes.push_back(i);
        documents.push_back(document);
      }
      if (documents.empty()) continue;
      share.work = applier.prepare(std::move(documents));
      asked.shares.push_back(std::move(share));
    }
  }

  static Decided<ApplyPlan> apply_all(Unit& unit, const Asked& asked, DryRun dry_run) {
    ApplyPlan plan{dry_run == DryRun::yes, {}};
    for (const Share& share : asked.shares) {
      auto changes = share.work(unit);
      if (!changes) {
        auto& [document, refusal] = changes.error();
        const std::size_t index = share.indexes.at(document);
        return refuse(placed(std::move(refusal), index, asked.documents[index]));
      }
      for (ApplyChange& change : *changes) plan.changes.push_back(std::move(change));
    }
    return plan;
  }

  Engine& engine_;
  std::vector<Applier> appliers_;
};

}  // namespace

bool holds_documents(const http::Request& request) {
  constexpr std::array taken{
      "application/yaml", "application/x-yaml",      "text/yaml", "text/x-yaml", "text/plain",
      "application/json", "application/octet-stream"};
  const auto media = media_type_of(request);
  return !media || std::ranges::find(taken, *media) != taken.end();
}

Applier one_by_one(std::string kind, std::string permission,
                   std::function<Decided<ApplyChange>(Unit&, const ApplyDocument&)> apply) {
  return {{std::move(kind)},
          std::move(permission),
          [apply = std::move(apply)](std::vector<ApplyDocument> documents) -> ApplyWork {
            return [apply, documents = std::move(documents)](Unit& unit) -> Applied {
              std::vector<ApplyChange> changes;
              for (std::size_t i = 0; i < documents.size(); ++i) {
                auto change = apply(unit, documents[i]);
                if (!change) return std::unexpected(ApplyRefusal{i, std::move(change).error()});
                changes.push_back(std::move(*change));
              }
              return changes;
            };
          }};
}

std::vector<http::Route> apply_routes(Engine& engine, std::vector<Applier> appliers) {
  auto route = std::make_shared<ApplyRoute>(engine, std::move(appliers));
  http::Route row{.method = "POST",
                  .path = "/api/v1/{workspace}/apply",
                  .permission = "catalog.read",
                  .summary = "Apply documents: applications, environments, policies",
                  .operation_id = "apply",
                  .tag = "catalog"};
  row.query = {
      {"dry_run", "Show the plan and change nothing", "boolean", http::Presence::optional}};
  row.response = schema_of<ApplyPlan>();
  row.body_bytes_max = apply_bytes_max;
  row.mode = http::BodyMode::buffered;
  row.handler = [route](http::Request& request) { return route->answer(request); };
  row.request_media = "application/yaml";
  return {std::move(row)};
}

}  // namespace holdpoint::engine::edge
