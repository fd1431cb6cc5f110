namespace Debyard.Pipeline.Validation.Reports;

/// <summary>A step of the validation failed: the packages have a defect.</summary>
/// <param name="message">One sentence: what is wrong with the packages.</param>
/// <param name="details">What shows it, such as apt's output.</param>
public sealed class StepFailedException(string message, string details = "") : Exception(message)
{
    public string Details => details;
}
