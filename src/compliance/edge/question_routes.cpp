// The five questions of auditors, of a release or of a period, over HTTP; and the capability's
// routes put together.
#include "compliance/edge/extent_query.hpp"
#include "compliance/edge/finder.hpp"
#include "compliance/edge/framework_queries.hpp"
#include "compliance/edge/route_rows.hpp"
#include "compliance/questions.hpp"

namespace holdpoint::compliance {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kRecordsShown = 50;

/// One question with the newest records behind its answer. `search` finds all of them.
struct AnsweredQuestion {
  QuestionAnswer answer;
  SearchFilter search;
  std::vector<FoundRecord> records;
  bool has_more = false;
};
HP_DESCRIBE(AnsweredQuestion, answer, search, records, has_more)

struct Answers {
  std::vector<QuestionAnswer> answers;
};
HP_DESCRIBE(Answers, answers)

class QuestionRoutes {
 public:
  QuestionRoutes(engine::Engine& engine, ComplianceNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response list(const http::Request& request) const {
    const auto tables = engine_.read();
    const Instant now = engine_.ports().clock.now();
    const auto extent = extent_of(request, *tables, now);
    if (!extent) return extent.error();
    const std::string& workspace = edge::caller_of(request).workspace;
    const auto frameworks = frameworks_here(*tables, workspace);
    const WorkspaceFacts facts =
        gather_facts(*tables, engine_.ports().objects, workspace, *extent, now);
    Answers all;
    for (const QuestionRow& row : questions()) {
      all.answers.push_back(answer_of(row, frameworks, facts, *extent));
    }
    return edge::ok(all);
  }

  http::Response get(const http::Request& request) const {
    const auto question = describe::enum_parse<Question>(request.parameter("question"));
    if (!question) {
      return edge::respond(
          Refusal{RefusalKind::not_found, "question_not_found",
                  "The questions are: " + describe::enum_choices<Question>() + "."});
    }
    const auto tables = engine_.read();
    const Instant now = engine_.ports().clock.now();
    const auto extent = extent_of(request, *tables, now);
    if (!extent) return extent.error();
    const std::string& workspace = edge::caller_of(request).workspace;
    const WorkspaceFacts facts =
        gather_facts(*tables, engine_.ports().objects, workspace, *extent, now);
    AnsweredQuestion out;
    out.answer = answer_of(row_of(*question), frameworks_here(*tables, workspace), facts, *extent);
    out.search = records_behind(out.answer);
    Finder finder(*tables, workspace, needs_);
    const auto wanted = finder.resolve(out.search);
    if (!wanted) return edge::respond(wanted.error());
    FoundPage page = finder.find(*wanted, {}, kRecordsShown);
    out.records = std::move(page.records);
    out.has_more = page.next.has_value();
    return edge::ok(out);
  }

 private:
  static QuestionAnswer answer_of(const QuestionRow& row, const std::vector<Framework>& frameworks,
                                  const WorkspaceFacts& facts, const Extent& extent) {
    QuestionAnswer out = answer(row, frameworks, facts);
    if (extent.release) out.release = extent.release->name();
    out.application =
        extent.release ? std::optional(extent.release->application) : extent.application;
    return out;
  }

  engine::Engine& engine_;
  ComplianceNeeds needs_;
};

}  // namespace

std::vector<http::Route> question_routes(engine::Engine& engine, const ComplianceNeeds& needs) {
  const auto all = std::make_shared<const QuestionRoutes>(engine, needs);
  auto list = read_row("questions", "The five questions of auditors, answered from the records",
                       "answer_questions");
  list.query = extent_parameters();
  list.response = edge::schema_of<Answers>();
  list.statuses = {200, 404, 422};
  list.handler = [all](http::Request& request) { return all->list(request); };
  auto get = read_row("questions/{question}", "One question, with the records behind its answer",
                      "answer_question");
  get.query = extent_parameters();
  get.response = edge::schema_of<AnsweredQuestion>();
  get.statuses = {200, 404, 422};
  get.handler = [all](http::Request& request) { return all->get(request); };
  return {std::move(list), std::move(get)};
}

std::vector<http::Route> routes(engine::Engine& engine, const ComplianceNeeds& needs) {
  std::vector<http::Route> rows = control_routes(engine);
  for (auto& row : question_routes(engine, needs)) rows.push_back(std::move(row));
  for (auto& row : search_routes(engine, needs)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace holdpoint::compliance
