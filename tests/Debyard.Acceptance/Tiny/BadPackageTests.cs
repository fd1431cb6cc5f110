namespace Debyard.Acceptance.Tiny;

/// <summary>Images that cannot be built, and packages that are not what they say: found before anyone else sees them.</summary>
[Collection("A published product")]
public sealed class BadPackageTests(PublishedProduct published)
{
    string Library => published.Product.Library;

    string LibraryFile => published.Product.LibraryFile;

    [Fact]
    public Task A_dockerfile_that_fails_shows_its_last_lines_and_the_command() =>
        RefusedAsync(
            product => product.Edit("lib/Dockerfile", "RUN mkdir", "RUN echo about to fail $((40 + 2)) && exit 7\nRUN mkdir"),
            $"{Library}/amd64 is being built: lib/Dockerfile:7 changed",
            $"{Library}/amd64 cannot be built. The last lines of ",
            "about to fail 42",
            "The command was (exit code",
            $"docker build --tag debyard/streamer/{Library}:amd64-"
        );

    [Fact]
    public Task An_engine_without_space_is_told_what_frees_some() =>
        RefusedAsync(
            product => product.Edit("lib/Dockerfile", "RUN mkdir", "RUN dd if=/dev/zero of=/dev/full count=1\nRUN mkdir"),
            $"{Library}/amd64 cannot be built.",
            "No space left on device",
            "The disk is full: free unused space with `docker image prune` and `docker builder prune`."
        );

    [Fact]
    public Task Two_dependencies_that_make_the_same_package_are_both_named() =>
        RefusedAsync(
            product =>
            {
                product.Edit("debyard.yml", "dependencies:\n", $"dependencies:\n  {Library}-two: {{ version: 1.0-1, context: two }}\n");
                product.Write("two/content", "another library\n");
                product.Write(
                    "two/Dockerfile",
                    $"{File.ReadAllText(product["lib/Dockerfile"])}ENV PACKAGE={Library}\n"
                        + $"RUN sed -i \"s/^Package:.*/Package: {Library}/\" /package/DEBIAN/control "
                        + $"&& SOURCE_DATE_EPOCH=0 dpkg-deb --root-owner-group -Znone --build /package /artifacts/{LibraryFile}\n"
                );
            },
            $"{LibraryFile} is produced by 2 images with different content: ",
            $"/{Library}/amd64/",
            $"/{Library}-two/amd64/",
            "Build it in only one of them, or give one another name."
        );

    [Fact]
    public Task An_image_without_artifacts_is_told_where_they_belong() =>
        RefusedAsync(
            product => product.Edit("lib/Dockerfile", "/artifacts", "/elsewhere"),
            $"{Library}/amd64 has no folder /artifacts: its Dockerfile must put the .deb files there."
        );

    [Fact]
    public Task An_image_without_its_own_package_is_told_which_is_missing() =>
        RefusedAsync(
            product => product.Write("lib/Dockerfile", File.ReadAllText(product["lib/Dockerfile"]) + "RUN rm /artifacts/*\n"),
            $"{Library}/amd64 has no /artifacts/{LibraryFile}: the folder is empty."
        );

    [Fact]
    public Task A_package_whose_control_data_contradicts_its_name_is_refused() =>
        RefusedAsync(
            product => product.Edit("lib/Dockerfile", "printf 'Package: %s\\n", "printf 'Package: other-%s\\n"),
            $"{Library}/amd64 has an invalid {LibraryFile}: ",
            $"other-{Library}"
        );

    [Fact]
    public Task A_package_for_another_architecture_is_refused() =>
        RefusedAsync(
            product => product.Edit("lib/Dockerfile", "ARG ARCHITECTURE\n", "ENV ARCHITECTURE=armhf\n"),
            $"{Library}/amd64 has {LibraryFile.Replace("amd64", "armhf", StringComparison.Ordinal)}, a package for armhf."
        );

    [Fact]
    public Task A_binary_for_another_machine_is_refused() =>
        RefusedAsync(
            product =>
                product.Write(
                    "lib/content",
                    "\u007fELF\u0002\u0001\u0001" + new string('\0', 9) + "\u0002\0\u0028\0" + new string('\0', 44)
                ),
            $"{Library}/amd64: {LibraryFile} is for amd64, but /opt/{Library}/content is a binary for Arm"
        );

    [Fact]
    public Task What_is_no_package_at_all_is_refused() =>
        RefusedAsync(
            product =>
                product.Write(
                    "lib/Dockerfile",
                    File.ReadAllText(product["lib/Dockerfile"]) + "RUN for file in /artifacts/*; do echo nonsense > $file; done\n"
                ),
            $"{Library}/amd64 has an invalid {LibraryFile}: "
        );

    [Fact]
    public Task Other_bytes_under_a_published_version_ask_for_a_new_version() =>
        RefusedAsync(product => product.Write("lib/content", "something else\n"), $"{LibraryFile} cannot be uploaded: ", "raise");

    [Fact]
    public Task A_package_that_cannot_be_installed_is_not_published() =>
        RefusedAsync(
            product => product.Edit("main/Dockerfile", "Depends: ", "Depends: no-such-package, "),
            "The packages cannot be installed: `apt-get ",
            "Depends: no-such-package but it is not installable"
        );

    [Fact]
    public Task A_check_that_fails_publishes_nothing_and_shows_the_log() =>
        RefusedAsync(
            product => product.Edit("main/content", "ok\\n", "ko\\n"),
            "Validation failed, nothing is published. plain: GET /health: expected a body that contains 'ok', got ko",
            "the last lines of its log:",
            "  | listening on port "
        );

    [Fact]
    public Task A_service_that_dies_at_its_start_publishes_nothing_and_shows_the_log() =>
        RefusedAsync(
            product => product.Edit("main/content", "$| = 1;", "die \"no licence for the moon\\n\";"),
            "Validation failed, nothing is published. plain: GET /health: expected status 200, got ",
            "service exited with code ",
            "the last lines of its log:",
            "  | no licence for the moon"
        );

    [Fact]
    public Task A_service_that_will_not_end_publishes_nothing() =>
        RefusedAsync(
            product => product.Edit("main/content", "$| = 1;", "$| = 1; $SIG{TERM} = 'IGNORE';"),
            "Validation failed, nothing is published. plain: service did not exit within 10 s of SIGTERM"
        );

    async Task RefusedAsync(Action<TinyProduct> spoil, params string[] saying)
    {
        using var product = await published.Product.CopyAsync();
        spoil(product);
        var before = product.Published;

        var outcome = await product.RunAsync();

        outcome.Refuses(saying);
        Assert.Equal(before, product.Published);
        await product.LeavesNothingAsync(outcome);
    }
}
