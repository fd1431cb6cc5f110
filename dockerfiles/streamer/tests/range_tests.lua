local check = require("check")
local range = require("streamer.range")

local function is(header, size, first, last)
  local from, to = range(header, size)
  check.equal(first, from)
  check.equal(last, to)
end

return {
  ["first and last byte"] = function() is("bytes=0-187", 1000, 0, 187) end,
  ["one byte"] = function() is("bytes=999-999", 1000, 999, 999) end,
  ["from a byte to the end"] = function() is("bytes=10-", 1000, 10, 999) end,
  ["the last bytes"] = function() is("bytes=-10", 1000, 990, 999) end,
  ["more last bytes than there are"] = function() is("bytes=-5000", 1000, 0, 999) end,
  ["an end beyond the file is cut"] = function() is("bytes=500-9999999999999999999999", 1000, 500, 999) end,
  ["a start beyond the file cannot be satisfied"] = function()
    is("bytes=1000-", 1000, false)
    is("bytes=99999999999999999999-", 1000, false)
  end,
  ["no last bytes cannot be satisfied"] = function() is("bytes=-0", 1000, false) end,
  ["nothing of an empty file can be satisfied"] = function()
    is("bytes=0-", 0, false)
    is("bytes=-1", 0, false)
  end,
  ["the unit's case does not matter"] = function() is("Bytes=1-2", 1000, 1, 2) end,
  ["what is not understood is ignored"] = function()
    for _, header in ipairs { "bytes=5-4", "bytes=a-b", "bytes=-", "items=0-1", "bytes=0-1,3-4", "" } do is(header, 1000, nil) end
    is(nil, 1000, nil)
  end,
}
