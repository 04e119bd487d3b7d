// One client's connection: reads requests, lets the application answer them, writes the answers in
// order, and holds the client to every time and size limit. A state machine over a Transport; all
// of it runs on the transport's thread, except perform(), which runs on a worker while nothing else
// touches the request.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/event_stream.hpp"
#include "platform/http/lane.hpp"
#include "platform/http/request_reader.hpp"
#include "platform/http/response_writer.hpp"
#include "platform/http/transport.hpp"

namespace holdpoint::http {

class Connection final : public TransportClient, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Lane& lane, std::unique_ptr<Transport> transport, std::string peer, Scheme scheme);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// Called about as often as the lane's clock moves: time limits and heartbeats.
  void sweep();
  /// The server stops: an idle connection ends, others end after the request in flight.
  void wind_down();
  /// Ends at once; what a worker still does for this connection is thrown away.
  void cut();

  void on_ready(bool ready) override;
  void on_read(std::size_t bytes) override;
  void on_written(std::size_t bytes) override;
  void on_finished() override;

 private:
  enum class Phase : std::uint8_t {
    opening,
    head,       // awaiting or reading a request
    body,       // reading the body of an admitted request
    working,    // a worker has the request
    writing,    // an answer is on its way
    events,     // an event stream with nothing to send
    finishing,  // the last answer is out
    closed,
  };
  enum class Work : std::uint8_t {
    admit,
    admit_and_handle,
    store,
    store_and_handle,
    handle,
    read_source,
  };
  enum class Door : std::uint8_t { bounded, open };
  using Step = void (Connection::*)();

  // Requests in: connection.cpp.
  void await_request();
  void next_request();
  void read_more();
  void advance();
  bool answer_at_once();
  void dispatch();
  void after_admit();
  void begin_body();
  void take_body();
  void after_store();
  void refuse(const ReadRefusal& refusal);
  void time_out();
  void allow(std::uint64_t ms);
  void allow_transfer(std::uint64_t started_ms, std::uint64_t bytes, std::uint64_t idle_ms);
  [[nodiscard]] std::string_view input() const;

  // Work on worker threads: connection_work.cpp.
  void post_work(Work work, Step then, Door door);
  void perform(Work work);
  void proceed_later(Step then);
  void perform_admit();
  void perform_store();
  void perform_handle();
  void perform_read_source();
  void release();
  Response internal_error(std::string_view what) const;

  // Answers out: connection_answer.cpp.
  void answer();
  void append_answer(Response& response);
  void begin_source(Response& response);
  void stream_piece();
  void request_piece();
  void begin_events(Response& response);
  void attach_events();
  void pump_events();
  void end_events();
  void heartbeat();
  void write_then(Step next);
  void resume_write();
  void end_exchange();
  void goodbye();
  [[nodiscard]] Framing framing(Framing::Body body, std::uint64_t bytes) const;
  void count(int status);

  Lane& lane_;
  std::list<Connection*>::iterator place_;
  const std::unique_ptr<Transport> transport_;
  RequestReader reader_;
  Phase phase_ = Phase::opening;
  std::uint64_t deadline_ms_ = 0;
  std::string input_;
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;
  bool head_started_ = false;
  std::uint64_t head_deadline_ms_ = 0;
  bool close_after_ = false;

  Request request_;
  BodyPlan plan_;
  std::string chunk_;  // body bytes on their way to the sink
  std::uint64_t body_started_ms_ = 0;
  std::optional<Response> answer_;

  std::string out_;   // heads and small bodies
  std::string tail_;  // a large body or piece, written after out_
  std::size_t written_ = 0;
  std::uint64_t write_started_ms_ = 0;
  Step next_ = nullptr;

  std::shared_ptr<BodySource> source_;
  Result<std::string> piece_;
  Framing source_framing_;
  std::uint64_t source_bytes_left_ = 0;
  std::shared_ptr<EventStream> events_;
  Framing::Body events_framing_ = Framing::Body::chunked;
  std::uint64_t last_sent_ms_ = 0;
};

}  // namespace holdpoint::http
