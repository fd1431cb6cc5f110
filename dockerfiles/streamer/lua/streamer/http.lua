-- HTTP/1.1 (RFC 9112) as text: request heads in, response heads out.
local http = {}

local phrases = {
  [200] = "OK", [206] = "Partial Content", [400] = "Bad Request", [403] = "Forbidden", [404] = "Not Found",
  [405] = "Method Not Allowed", [408] = "Request Timeout", [416] = "Range Not Satisfiable",
  [431] = "Request Header Fields Too Large", [500] = "Internal Server Error", [505] = "HTTP Version Not Supported",
}

-- RFC 9110 5.6.2; in a Lua pattern.
local TOKEN = "([%w!#$%%&'*+.^_`|~-]+)"

-- Returns method, path (decoded, without query), headers (by lower-case name) and whether the connection stays open after it;
-- or nil and the status of the refusal.
function http.request(head)
  local lines = {}
  for line in (head .. "\n"):gmatch("(.-)\r?\n") do lines[#lines + 1] = line end
  local method, target, major, minor = lines[1]:match("^" .. TOKEN .. " (%S+) HTTP/(%d)%.(%d)$")
  if not method then return nil, 400 end
  if major ~= "1" then return nil, 505 end

  local headers = {}
  for i = 2, #lines do
    local name, value_at = lines[i]:match("^" .. TOKEN .. ":[ \t]*()")
    if not name then return nil, 400 end
    -- Greedy on purpose: the lazy pattern takes quadratic time on a value of blanks.
    local value = lines[i]:sub(value_at):match("^.*[^ \t]") or ""
    name = name:lower()
    headers[name] = headers[name] and headers[name] .. ", " .. value or value
  end
  if minor ~= "0" and not headers.host then return nil, 400 end

  local path = target:gsub("^https?://[^/]*", ""):gsub("[?#].*", "")
  path = path:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end)

  -- No route takes a body, so a body is not read. The connection ends, because the body would be read as the next request.
  local body = headers["transfer-encoding"] or (headers["content-length"] or "0") ~= "0"
  local options = (headers.connection or ""):lower()
  local persistent = not body and (minor == "0" and options:find("keep-alive", 1, true) or minor ~= "0" and not options:find("close", 1, true))
  return { method = method, path = path, target = target, headers = headers, persistent = persistent and true or false }
end

-- A response head. `headers` are ordered pairs, so that answers are reproducible.
function http.head(status, headers, length, persistent)
  local lines = {
    ("HTTP/1.1 %d %s"):format(status, phrases[status]), "Date: " .. os.date("!%a, %d %b %Y %H:%M:%S GMT"), "Server: streamer",
  }
  for _, header in ipairs(headers) do lines[#lines + 1] = header[1] .. ": " .. header[2] end
  lines[#lines + 1] = ("Content-Length: %d"):format(length)
  lines[#lines + 1] = "Connection: " .. (persistent and "keep-alive" or "close")
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

function http.phrase(status) return phrases[status] end

return http
