#!/usr/bin/env bash
# Starts the build in build/. Compiles it first if one of its inputs has changed since the last compile.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
program=$root/output/dotnet/bin/_build/debug/_build.dll
stamp=$root/output/dotnet/build.stamp
temp=$root/.nuke/temp

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUKE_TELEMETRY_OPTOUT=1
export DOTNET_ROLL_FORWARD=${DOTNET_ROLL_FORWARD:-Major}

shopt -s nullglob nocaseglob
inputs=("$root"/{build,src,templates} "$root"/{global.json,.editorconfig,nuget.config} "$root"/Directory.*.{props,targets,rsp})
shopt -u nullglob nocaseglob
for i in "${!inputs[@]}"; do [[ -e ${inputs[i]} ]] || unset "inputs[i]"; done
# What a compile depends on besides the content of its inputs.
key="UseStandIns=${UseStandIns-} ${inputs[*]}"

# The stamp exists only after a successful compile and is older than it. It holds the key and the path of dotnet.
# Change times cannot be set back, unlike modification times, and a folder's change time also shows deleted files.
is_current() {
  [[ -f $program && -f $stamp ]] || return 1
  { IFS= read -r stamped_key && IFS= read -r dotnet; } < "$stamp" || return 1
  [[ $stamped_key == "$key" && -x $dotnet && -z $(find "${inputs[@]}" -cnewer "$stamp" -print -quit) ]]
}

satisfies_global_json() { [[ -x $1 ]] && (cd -- "$root" && "$1" --version) > /dev/null 2>&1; }

find_or_install_dotnet() {
  dotnet=$(command -v dotnet || true)
  if satisfies_global_json "$dotnet"; then return; fi
  dotnet=$temp/dotnet-unix/dotnet
  if satisfies_global_json "$dotnet"; then return; fi

  local url=https://dot.net/v1/dotnet-install.sh installer=$temp/dotnet-install.sh version
  version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  echo "No .NET SDK $version or later feature band on the PATH: installing $version into $temp/dotnet-unix" >&2
  mkdir -p "$temp"
  if ! curl -sSfLo "$installer" "$url"; then
    echo "Could not download $url. Install the .NET SDK $version (https://dot.net/download) and run this again." >&2
    exit 1
  fi
  bash "$installer" --install-dir "$temp/dotnet-unix" --version "$version" --no-path >&2
}

lock() {
  if command -v flock > /dev/null; then
    exec 9> "$stamp.lock"
    flock 9
  else
    # macOS has no flock; the folder is the lock.
    until mkdir "$stamp.lock.d" 2> /dev/null; do
      echo "Another build.sh compiles; if none does, remove $stamp.lock.d" >&2
      sleep 1
    done
    trap 'rmdir "$stamp.lock.d"' EXIT
  fi
}

unlock() {
  if command -v flock > /dev/null; then exec 9>&-; else rmdir "$stamp.lock.d"; trap - EXIT; fi
}

compile() {
  find_or_install_dotnet
  echo "compiling the build: up to a minute the first time" >&2
  local log=$stamp.log
  printf '%s\n%s\n' "$key" "$dotnet" > "$stamp.new"
  rm -f "$stamp"
  if ! (cd -- "$root" && "$dotnet" build build/_build.csproj -nologo -verbosity:minimal -clp:NoSummary \
      -nodeReuse:false -p:UseSharedCompilation=false) > "$log" 2>&1 9>&-; then
    grep -E ': (error|warning) ' "$log" | sort -u >&2 || cat "$log" >&2
    exit 1
  fi
  # Shows the line that says whether packages or stand-ins are in use, and warnings.
  grep -E 'stand-ins from|the real packages|: warning ' "$log" | sed 's/^ *//' | sort -u >&2 || true
  mv -f "$stamp.new" "$stamp"
}

if ! is_current; then
  mkdir -p "${stamp%/*}"
  lock
  is_current || compile   # another build.sh may have compiled meanwhile
  unlock
fi

export DOTNET_EXE=$dotnet
if [[ $dotnet == "$temp"/* ]]; then export PATH=${dotnet%/*}:$PATH DOTNET_ROOT=${dotnet%/*}; fi
# NUKE searches for the root from the working directory upwards; outside the root it needs NUKE_ROOT.
if [[ $PWD/ != "$root"/* ]]; then export NUKE_ROOT=$root; fi
exec "$dotnet" "$program" "$@"
