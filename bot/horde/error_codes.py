"""Meaning of each rc of the Horde, as sentences for the requester.

The names are from every `raise` of the server (5.1.5); some are in no published list, so an unknown
one must always be expected. The server's own messages are not shown: one of them repeats the API
key, and those of 404 contain suggestions of other addresses.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """`private`: it concerns an account and is not shown in the channel."""

    sentence: str
    private: bool = False


_ACCOUNT = {
    "InvalidAPIKey": "The Horde does not know this API key. Set another with /account login.",
    "UserNotFound": "The Horde does not know this account or API key.",
    "DeletedUser": "This Horde account is about to be deleted, so it cannot be used.",
    "KudosUpfront": "The Horde wants kudos up front for this size, and the account has too few. "
    "Make it smaller, use fewer steps, or use a key that has more with /account login.",
    "SharedKeyEmpty": "This shared key has no kudos left. Use another key with /account login.",
    "SharedKeyExpired": "This shared key has expired. Use another key with /account login.",
    "SharedKeyAssignedStyles": "This shared key can only be used with its own styles.",
    "SharedKeyInsufficientKudos": (
        "This shared key has too few kudos left for this. Ask for less, or use another key with "
        "/account login."
    ),
    "NoSharedKeyModSelected": "Nothing was said about what to change in the shared key.",
    "OnlyServiceAccountProxy": "Only a service account of the Horde may ask for somebody else.",
    "RequiresTrust": "Only trusted accounts may switch batching off for more than one picture. "
    "Leave that out, or ask for one.",
    "MoreThanMinExtraSourceImage": "Only trusted accounts may send more than one extra picture. "
    "Leave the others out, or use a trusted account's key with /account login.",
    "BetaAnonForbidden": "This model is not for anonymous use. Set a key with /account login.",
    "AnonForbidden": "The anonymous account may not do this. Set a key with /account login.",
    "AnonForbiddenUser": "The anonymous account may not do this. Set a key with /account login.",
    "StylesAnonForbidden": "The anonymous account cannot own styles.",
    "StylesRequiresCustomizer": "This account may not make styles: it is no customizer.",
    "UntrustedTeamCreation": "Only trusted accounts may found a team.",
    "NotOwner": "This belongs to another account.",
    "NotUserOrMod": "This belongs to another account.",
    "NotModerator": "Only moderators of the Horde may do this.",
    "NotAdmin": "Only admins of the Horde may do this.",
    "NonServiceForbidden": "Only a service account of the Horde may do this.",
    "MessagesOnlyOwnWorkers": "Only a worker's owner may read or write its messages.",
    "KudosTransferNotEnough": "There are not enough kudos in the account for that gift.",
    "InvalidTargetUsername": "The Horde has no account of that name. It looks like `name#123`.",
    "KudosTransferToAnon": "Kudos cannot be given to the anonymous account.",
    "KudosTransferToSelf": "Kudos cannot be given to oneself.",
    "KudosTransferFromAnon": "The anonymous account cannot give kudos away.",
    "NegativeKudosTransfer": "A gift must be more than 0 kudos.",
    "InvalidKudosTransferAmount": "A gift must be more than 0 kudos.",
    "TooFastKudosTransfers": "Kudos cannot be sent back within a minute. Try again later.",
    "SourceAccountFlagged": "The Horde has stopped this account from giving kudos.",
    "TargetAccountFlagged": "The Horde does not let that account receive kudos.",
    "EducationCannotSendKudos": "An education account cannot give kudos away.",
    "FaultWhenKudosSending": "The Horde could not take the kudos from the account.",
    "FaultWhenKudosReceiving": "The Horde could not give the kudos to that account.",
    "IdempotencyKeyConflict": "This gift was already made with another amount or receiver.",
}

_UNREADABLE = "The Horde could not read the picture. Save it as a PNG and upload that."

_REQUEST = {
    "CorruptPrompt": "The Horde's filter refused this prompt. Please ask for something else.",
    "UntrustedUnsafeIP": "The Horde takes no pictures from the bot's address at the moment.",
    "MissingPrompt": "The prompt is empty.",
    "InvalidPromptSize": "The prompt is too long. Make it shorter than 7,500 words.",
    "BadRequest": "The Horde does not take these settings together. Change one and try again.",
    "Forbidden": "The Horde does not allow this with these settings. Change one and try again.",
    "WorkerNotFound": "There is no such worker. Check its id, or leave it to any.",
    "StyleNotFound": "There is no such style.",
    "Image styleNotFound": "There is no such image style.",
    "Text styleNotFound": "There is no such text style.",
    "Style exampleNotFound": "There is no such example of a style.",
    "CollectionNotFound": "There is no such collection.",
    "TeamNotFound": "There is no such team.",
    "WorkermessageNotFound": "There is no such message to a worker.",
    "TooManyExtraSourceImages": "No more than 5 extra pictures can be sent.",
    "InvalidExtraSourceImages": "Extra pictures only go with the remix of a picture.",
    "InvalidExtraTexts": "Extra texts only go with the QR code workflow.",
    "MissingExtraTexts": "The QR code workflow needs the text that the code holds.",
    "TooManyUpscalers": "Only one upscaler can be used at a time.",
    "TooManyLoras": "No more than 5 LoRAs can be used.",
    "BadLoraVersion": "The version of a LoRA must be a number.",
    "TooManyTIs": "No more than 20 embeddings can be used.",
    "BadCFGDecimals": "The guidance can have no more than 2 decimals.",
    "BadCFGNumber": "The guidance must be a number.",
    "HiResMismatch": "The hires fix does not work with this model. Leave it out or take another.",
    "InvalidTransparencyModel": "Transparent pictures only work with SD 1.5 and SDXL models.",
    "InvalidTransparencyImg2Img": "Transparent pictures cannot be made from another picture.",
    "InvalidTransparencyCN": "Transparent pictures cannot be made with ControlNet.",
    "InvalidRemix": "A remix only works with Stable Cascade models.",
    "ControlNetUnsupported": "ControlNet does not work with this model. Take an SD 1.5 one.",
    "ControlNetSourceMissing": "ControlNet needs a picture to go by.",
    "ControlNetInpaintingMismatch": "ControlNet does not work with inpainting.",
    "ControlNetMismatch": "ControlNet does not work with this model. Take an SD 1.5 one.",
    "ControlNetInvalidPayload": "These ControlNet settings do not go together.",
    "SourceMaskUnnecessary": "A mask needs a picture that it belongs to.",
    "InpaintingMissingMask": "Inpainting needs an area, a mask, or a picture with holes in it.",
    "ImageValidationFailed": _UNREADABLE,
    "SourceImageResolutionExceeded": "The picture is too large. Send a smaller one.",
    "SourceImageSizeExceeded": "The picture's file is too large. Send a smaller one.",
    "SourceImageUrlInvalid": "The Horde found no picture at that address.",
    "SourceImageUnreadable": _UNREADABLE,
    "SourceImageRequiredForModel": "This model paints in a picture: start from one with /remix.",
    "UnexpectedModelName": "This is no model that makes pictures. Choose another.",
    "SpecialMissingUsername": "This model is only for a few accounts.",
    "SpecialMissingPayload": "This model is only for a few accounts.",
    "BetaComparisonFault": "This beta model makes its pictures in pairs only.",
    "BannedClientAgent": "The Horde does not want this client. The bot's operator must look at it.",
    "TokenOverflow": "The answer cannot be longer than the context.",
    "MissingFullSamplerOrder": "A sampler order must name all samplers.",
    "TooManyStopSequences": "There are too many stop sequences (128 at most).",
    "ExcessiveStopSequence": "The stop sequences are too long (2,000 characters in all).",
    "NulByteInPayload": "The text holds a character that the Horde cannot take.",
    "TooLongWorkerName": "This worker name is too long.",
    "WorkerNameAlreadyExists": "There is already a worker of that name.",
    "ProfaneWorkerName": "The Horde does not like that worker name.",
    "ProfaneWorkerInfo": "The Horde does not like that worker description.",
    "TooLongUserName": "This name is too long.",
    "ProfaneUserName": "The Horde does not like that name.",
    "TeamNameAlreadyExists": "There is already a team of that name.",
    "NoWorkerModSelected": "Nothing was said about what to change in the worker.",
    "PolymorphicNameConflict": "That name is already taken.",
    "Locked": "The Horde still needs it for a job. Try again in 20 minutes.",
}

_CODES = {rc: Code(sentence, private=True) for rc, sentence in _ACCOUNT.items()} | {
    rc: Code(sentence) for rc, sentence in _REQUEST.items()
}


def meaning(rc: str) -> Code:
    """Sentence for that rc; for an unknown one its name."""
    return _CODES.get(rc) or Code(f"The Horde refused this ({rc}).")
