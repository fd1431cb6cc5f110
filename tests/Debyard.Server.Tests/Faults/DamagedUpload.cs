namespace Debyard.Server.Tests.Faults;

/// <param name="What">For the message of a test that fails.</param>
/// <param name="Target">As it stands in the request line.</param>
/// <param name="Headers">Each with its line end.</param>
/// <param name="Body">As it is sent.</param>
/// <param name="Ending">Whether the client then waits for its answer.</param>
sealed record DamagedUpload(string What, string Target, string Headers, byte[] Body, Ending Ending = Ending.Whole);

/// <summary>A client that cuts its request short gets no answer; the server only has to leave nothing of it.</summary>
enum Ending
{
    Whole,
    CutShort,
}
