-- Sends the requests of a file in its order, each thread from another place on. A line is: path [tab If-None-Match], or with BENCH_METHOD=POST: path tab body [tab Authorization].
local threads, requests, position, post, part = 0, {}, 0, os.getenv("BENCH_METHOD") == "POST", 1

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local lines, count = {}, 0
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    count = count + 1
    -- What may be sent once only is dealt out: every second line for each of the two threads.
    if not post or count % 2 == number then lines[#lines + 1] = line end
  end
  for i, line in ipairs(lines) do
    local path, extra, authorization = line:match("^([^\t]*)\t?([^\t]*)\t?(.*)$")
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    if post then
      headers["Content-Type"] = "application/json"
      if authorization ~= "" then headers["Authorization"] = authorization end
      requests[i] = wrk.format("POST", path, headers, extra)
    else
      if extra ~= "" then headers["If-None-Match"] = extra end
      requests[i] = wrk.format("GET", path, headers)
    end
  end
  if not post then position = math.floor(#requests / 2 * number) end
end

function request()
  position = position + 1
  if position > #requests then
    if post then wrk.thread:stop() end -- nothing left: the file was too short, and the round is shorter
    position = 1
  end
  return requests[position]
end

function done(summary, latency)
  local e = summary.errors
  print(string.format('BENCH {"requests":%d,"seconds":%.3f,"bytes":%d,"bad":%d,"failed":%d,"p50":%.3f,"p99":%.3f}',
    summary.requests, summary.duration / 1e6, summary.bytes, e.status, e.connect + e.read + e.write + e.timeout, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
