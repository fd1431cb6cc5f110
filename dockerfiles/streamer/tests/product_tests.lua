local check = require("check")
local product = require("streamer.product")
local sha256 = require("streamer.sha256")
local stream = require("stream")

local bytes = stream.seconds(2, 0)
local now = os.time { year = 2030, month = 1, day = 1, hour = 12 }

local function with_product(use, expires)
  local text = ("holder: Example\nexpires: %s\n"):format(expires or "2030-01-01")
  stream.as_file(("%schecksum: %s\n"):format(text, sha256(text)), function(_, licence)
    stream.as_file(bytes, function(_, media)
      local name = media:match("[^/]+$")
      use(assert(product.new({ licence = licence, media = media, segment = 1 }, "1.2.3")), "/media/" .. name, "/media/" .. name .. ".m3u8")
    end)
  end)
end

local function get(serving, path, headers, method)
  local response = serving:respond({ method = method or "GET", path = path, headers = headers or {} }, now)
  response.by_name = {}
  for _, header in ipairs(response.headers) do response.by_name[header[1]] = header[2] end
  if response.file then
    response.content = response.file:read(response.length)
    response.file:close()
  end
  return response
end

return {
  ["the whole file"] = function()
    with_product(function(serving, media)
      local response = get(serving, media)
      check.equal(200, response.status)
      check.equal("bytes", response.by_name["Accept-Ranges"])
      check.equal(bytes, response.content)
    end)
  end,
  ["a range of it"] = function()
    with_product(function(serving, media)
      local response = get(serving, media, { range = "bytes=188-375" })
      check.equal(206, response.status)
      check.equal(("bytes 188-375/%d"):format(#bytes), response.by_name["Content-Range"])
      check.equal(bytes:sub(189, 376), response.content)
    end)
  end,
  ["a range beyond it"] = function()
    with_product(function(serving, media)
      local response = get(serving, media, { range = ("bytes=%d-"):format(#bytes) })
      check.equal(416, response.status)
      check.equal(("bytes */%d"):format(#bytes), response.by_name["Content-Range"])
    end)
  end,
  ["a range that depends on a validator we do not have, or comes with HEAD, is the whole"] = function()
    with_product(function(serving, media)
      check.equal(200, get(serving, media, { range = "bytes=0-1", ["if-range"] = '"x"' }).status)
      check.equal(200, get(serving, media, { range = "bytes=0-1" }, "HEAD").status)
    end)
  end,
  ["a playlist whose ranges are the file"] = function()
    with_product(function(serving, media, list)
      local text, parts = get(serving, list).text, {}
      for length, offset in text:gmatch("#EXT%-X%-BYTERANGE:(%d+)@(%d+)\n") do
        local range = ("bytes=%d-%d"):format(offset, offset + length - 1)
        parts[#parts + 1] = get(serving, media, { range = range }).content
      end
      check.equal(2, #parts)
      check.equal(bytes, table.concat(parts))
    end)
  end,
  ["nothing else"] = function()
    with_product(function(serving)
      check.equal(404, get(serving, "/").status)
      check.equal(404, get(serving, "/media/../etc/passwd").status)
    end)
  end,
  ["nothing but reading"] = function()
    with_product(function(serving, media)
      local response = get(serving, media, {}, "POST")
      check.equal(405, response.status)
      check.equal("GET, HEAD", response.by_name.Allow)
    end)
  end,
  ["without a licence in force only health and version, and the reason"] = function()
    with_product(function(serving, media, list)
      for _, path in ipairs { media, list, "/", "/favicon.ico" } do
        local response = get(serving, path)
        check.equal(403, response.status)
        check.equal("no valid licence: the licence expired on 2029-12-31\n", response.text)
      end
      check.equal("ok\n", get(serving, "/health").text)
      check.equal("streamer 1.2.3\n", get(serving, "/version").text)
    end, "2029-12-31")
  end,
  ["a media file that is not there is one message"] = function()
    local serving, problem = product.new({ licence = "/nowhere/l", media = "/nowhere/a.ts", segment = 1 }, "1")
    check.equal(nil, serving)
    check.equal("cannot read the media file /nowhere/a.ts: No such file or directory", problem)
    check.equal("the media file /tmp cannot be read: Is a directory",
      select(2, product.new({ licence = "/nowhere/l", media = "/tmp", segment = 1 }, "1")))
  end,
}
