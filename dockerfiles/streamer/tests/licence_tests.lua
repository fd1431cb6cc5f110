local check = require("check")
local licence = require("streamer.licence")
local sha256 = require("streamer.sha256")

local valid = "holder: Example Broadcasting\nexpires: 2030-06-30\nchecksum: "
  .. sha256("holder: Example Broadcasting\nexpires: 2030-06-30\n") .. "\n"
local noon = { year = 2030, month = 6, hour = 12 }

local function on(day)
  return os.time { year = noon.year, month = noon.month + (day > 30 and 1 or 0), day = day > 30 and day - 30 or day, hour = noon.hour }
end

return {
  -- The examples of FIPS 180-4, and the lengths at which the padding needs another block.
  ["SHA-256 is SHA-256"] = function()
    check.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sha256(""))
    check.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256("abc"))
    check.equal("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
    check.equal("9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318", sha256(("a"):rep(55)))
    check.equal("ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb", sha256(("a"):rep(64)))
  end,
  ["an unaltered licence is read"] = function()
    local read = assert(licence.parse(valid))
    check.equal("Example Broadcasting", read.holder)
    check.equal("2030-06-30", read.expires)
  end,
  ["a later date is noticed"] = function()
    local read, problem = licence.parse((valid:gsub("2030", "2040")))
    check.equal(nil, read)
    check.equal("the licence was altered: its checksum is wrong", problem)
  end,
  ["another holder is noticed"] = function()
    check.equal(nil, (licence.parse((valid:gsub("Example", "Other")))))
  end,
  ["anything else is no licence"] = function()
    for _, content in ipairs { "", "hello", valid .. "more", valid:sub(1, 60) } do
      local read, problem = licence.parse(content)
      check.equal(nil, read)
      check.equal("the licence file is not in the form 'holder', 'expires', 'checksum'", problem)
    end
  end,
  ["the last day counts, the next does not"] = function()
    local read = assert(licence.parse(valid))
    check.equal(false, licence.expired(read, on(30)))
    check.equal(true, licence.expired(read, on(31)))
  end,
  ["a missing file is a reason"] = function()
    local read, problem = licence.load("/nowhere/licence")
    check.equal(nil, read)
    check.equal("there is no licence file /nowhere/licence", problem)
  end,
}
