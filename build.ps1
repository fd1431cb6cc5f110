# Starts the build in build/, like build.sh. Compiles it first if one of its inputs has changed since the last compile.
# It has no parameters: all arguments go to the build.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine($_); exit 1 }

$root = $PSScriptRoot
$program = Join-Path $root 'output/dotnet/bin/_build/debug/_build.dll'
$stamp = Join-Path $root 'output/dotnet/build.stamp'
$temp = Join-Path $root '.nuke/temp'

$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
$env:DOTNET_NOLOGO = 1
$env:NUKE_TELEMETRY_OPTOUT = 1
if (-not $env:DOTNET_ROLL_FORWARD) { $env:DOTNET_ROLL_FORWARD = 'Major' }

$folders = 'build', 'src', 'templates' | ForEach-Object { Join-Path $root $_ }
$files = @(Get-ChildItem -LiteralPath $root -File -Force |
    Where-Object { $_.Name -match '^(global\.json|\.editorconfig|nuget\.config|Directory\..*\.(props|targets|rsp))$' })
# What a compile depends on besides the content of its inputs.
$key = "UseStandIns=$env:UseStandIns $($files.Name -join ' ')"

# The stamp exists only after a successful compile and is older than it. It holds the key and the path of dotnet.
# Windows has no change times for scripts: creation times show files copied in with an old date, the folder's time shows deleted files.
function Test-Current {
    if (-not ((Test-Path -LiteralPath $program) -and (Test-Path -LiteralPath $stamp))) { return $false }
    $stampedKey, $script:dotnet = @(Get-Content -LiteralPath $stamp)
    if ($stampedKey -cne $key -or -not $dotnet -or -not (Test-Path -LiteralPath $dotnet)) { return $false }
    $since = (Get-Item -LiteralPath $stamp).LastWriteTimeUtc
    $inputs = $files + @($folders | ForEach-Object { Get-Item -LiteralPath $_ }) + @(Get-ChildItem -LiteralPath $folders -Recurse -Force)
    foreach ($item in $inputs) {
        if ($item.LastWriteTimeUtc -gt $since -or $item.CreationTimeUtc -gt $since) { return $false }
    }
    return $true
}

function Test-DotNet([string] $path) {
    if (-not $path -or -not (Test-Path -LiteralPath $path)) { return $false }
    Push-Location -LiteralPath $root
    try { & $path --version *> $null; return $LASTEXITCODE -eq 0 } catch { return $false } finally { Pop-Location }
}

function Find-DotNet {
    $onPath = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($onPath -and (Test-DotNet $onPath.Source)) { return $onPath.Source }

    $onWindows = [Environment]::OSVersion.Platform -eq 'Win32NT'
    $folder = Join-Path $temp $(if ($onWindows) { 'dotnet-win' } else { 'dotnet-unix' })
    $local = Join-Path $folder $(if ($onWindows) { 'dotnet.exe' } else { 'dotnet' })
    if (Test-DotNet $local) { return $local }

    $version = (Get-Content -LiteralPath (Join-Path $root 'global.json') -Raw | ConvertFrom-Json).sdk.version
    [Console]::Error.WriteLine("No .NET SDK $version or later feature band on the PATH: installing $version into $folder")
    New-Item -ItemType Directory -Force -Path $temp | Out-Null
    $installer = Join-Path $temp 'dotnet-install.ps1'
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
        (New-Object Net.WebClient).DownloadFile('https://dot.net/v1/dotnet-install.ps1', $installer)
    }
    catch {
        throw "Could not download https://dot.net/v1/dotnet-install.ps1. Install the .NET SDK $version (https://dot.net/download) and run this again."
    }
    & $installer -InstallDir $folder -Version $version -NoPath | Out-Null
    return $local
}

function Invoke-Compile {
    $script:dotnet = Find-DotNet
    $new = "$stamp.new"
    Set-Content -LiteralPath $new -Value $key, $dotnet
    Remove-Item -LiteralPath $stamp -Force -ErrorAction SilentlyContinue
    Push-Location -LiteralPath $root
    try {
        $log = @(& $dotnet build build/_build.csproj -nologo -verbosity:minimal -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false)
        $failed = $LASTEXITCODE
    }
    finally { Pop-Location }
    # Shows the line that says whether packages or stand-ins are in use, and errors and warnings.
    $shown = @($log | Where-Object { $_ -match ': (error|warning) ' -or (-not $failed -and $_ -match 'stand-ins from|the real packages') } |
        ForEach-Object { $_.Trim() } | Sort-Object -Unique)
    if ($failed -and -not $shown) { $shown = $log }
    $shown | ForEach-Object { [Console]::Error.WriteLine($_) }
    if ($failed) { exit 1 }
    Move-Item -LiteralPath $new -Destination $stamp -Force
}

$dotnet = $null
if (-not (Test-Current)) {
    New-Item -ItemType Directory -Force -Path (Split-Path $stamp) | Out-Null
    $lock = $null
    while (-not $lock) {
        try { $lock = [IO.File]::Open("$stamp.lock", 'OpenOrCreate', 'ReadWrite', 'None') } catch [IO.IOException] { Start-Sleep -Milliseconds 200 }
    }
    try {
        if (-not (Test-Current)) { Invoke-Compile }   # another build.ps1 may have compiled meanwhile
    }
    finally { $lock.Dispose() }
}

$env:DOTNET_EXE = $dotnet
if ($dotnet.StartsWith($temp)) {
    $env:DOTNET_ROOT = Split-Path $dotnet
    $env:PATH = "$env:DOTNET_ROOT$([IO.Path]::PathSeparator)$env:PATH"
}
# NUKE searches for the root from the working directory upwards; outside the root it needs NUKE_ROOT.
$separator = [IO.Path]::DirectorySeparatorChar
if (-not "$($PWD.ProviderPath)$separator".StartsWith("$root$separator")) { $env:NUKE_ROOT = $root }
& $dotnet $program @args
exit $LASTEXITCODE
