"""An ESP32 development board (ESP32-WROOM): its pins."""

from firmware.board.chip import ChipBoard


class Board(ChipBoard):
    """Scanner at UART 1, printer at UART 2; GPIO 0 is the button BOOT."""

    target = "xtensawin"
    uart_scanner = (1, 26, 25)
    uart_printer = (2, 17, 16)
    lamp = 2
    buzzer = 27
    button = 0
